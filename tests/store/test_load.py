"""Asking for work stays cheap, however much has been done already."""

import pytest
from sqlalchemy import event

from appservice.domain.effects import EnterChat
from appservice.ports import Arrival, Posting
from appservice.store import tables
from appservice.store.box import Box
from tests.store.conftest import NOON

DONE = 100_000


@pytest.fixture
async def old_store(store, run_sql):
    """A store that has worked for long, with three lanes of five open rows."""
    numbers = (
        "WITH RECURSIVE n(n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {DONE}) SELECT 'old ' || n"
    )
    for box, more, value in (("inbox", "", ""), ("outbox", ", keys_sent", ", false")):
        await run_sql(
            f"INSERT INTO {box} (id, name, state, due, attempts, since{more})"
            f" {numbers}, 'matrix', 'done', 0, 0, 0{value} FROM n"
        )
    async with store.begin() as work:
        for n in range(15):
            await work.accept([Arrival(f"${n}", f"{n % 3}", "matrix", {}, NOON)])
            await work.post(Posting(f"e{n}", f"{n % 3}", EnterChat("!r"), NOON))
    await run_sql("ANALYZE")
    return store


async def plan_for_heads(store, table):
    """How the database goes about the question for heads, one step a line."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    async with store._scope() as scope:
        event.listen(scope.connection.sync_connection, "before_cursor_execute", note)
        await Box(scope, table).heads(NOON, 10, read=lambda row: row)
        ((statement, parameters),) = asked
        prefix = "EXPLAIN " if scope.postgres else "EXPLAIN QUERY PLAN "
        found = await scope.connection.exec_driver_sql(prefix + statement, parameters)
        return [str(row[-1]) for row in found]


@pytest.mark.parametrize("table", [tables.inbox, tables.outbox], ids=lambda table: table.name)
async def test_heads_are_found_by_the_index_of_open_rows(old_store, table):
    steps = await plan_for_heads(old_store, table)
    assert any(f"{table.name}_open" in step for step in steps)
    for step in steps:
        assert "Seq Scan" not in step
        assert not step.startswith("SCAN") or f"INDEX {table.name}_open" in step


async def test_the_open_rows_are_found_among_the_done(old_store):
    async with old_store.begin() as work:
        assert [one.id for one in await work.arrivals(NOON, 9)] == ["$0", "$1", "$2"]
        assert [one.id for one in await work.postings(NOON, 9)] == ["e0", "e1", "e2"]
    condition = await old_store.condition()
    assert (condition.open_arrivals, condition.open_postings, condition.parked) == (15, 15, 0)
