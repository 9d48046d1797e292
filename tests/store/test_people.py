"""Forgetting a person leaves no row that is theirs, in clear or sealed, in any table or file."""

from datetime import timedelta

import pytest

from appservice.domain.effects import MakeRoom, Message, Remove, Say
from appservice.domain.entries import Entry, Erasure
from appservice.domain.events import GraceEnded, Parted, RatificationDue
from appservice.domain.person import Person
from appservice.domain.records import Care, Consent, Room
from appservice.domain.types import RoomKind, verbatim
from appservice.ports import Arrival, Posting
from tests.store.conftest import NOON
from tests.store.test_secrecy import CHARTER

USER, OTHER, CHAT, GROUP = "@eve:x", "@ada:x", "!chat", "group"
LANES = (f"person {USER}", f"room {CHAT}")
SAID = Message("notice", (verbatim("hello"),), "en")


async def write(store, user, chat):
    async with store.begin() as work:
        await work.put(Person(user, chat=chat))
        await work.put(Room(chat, RoomKind.CHAT, None, user, encrypted=True))
        await work.put(Consent(user, GROUP, NOON, "en", "1", "h", "r", "$1", "d", "$2", 18))
        await work.put(Care(user, NOON))
        await work.append(Entry(user, GROUP, "rules", given=True, at=NOON, language="en"))
        await work.wake(f"grace {user}", NOON + timedelta(days=1), GraceEnded(user, GROUP))
        await work.accept(
            [
                Arrival(f"$said {user}", f"room {chat}", "matrix", {"sender": user}, NOON),
                Arrival(f"parted {user}", f"person {user}", "event", Parted(user, ()), NOON),
            ]
        )
        for name, lane, effect in (
            ("say", f"room {chat}", Say(chat, SAID)),
            ("remove", f"person {user}", Remove(user, ())),
            ("parked", "room !team", Say("!team", Message("notice", (verbatim(user),), "en"))),
        ):
            await work.post(Posting(f"{name} {user}", lane, effect, NOON))
    async with store.begin() as work:
        for posting in await work.postings(NOON, 9):
            if posting.id.startswith("parked"):
                await work.park_posting(posting.row, "PermanentError")


async def forget(store):
    async with store.begin() as work:
        await work.erase(Erasure(USER))
        await work.forget_person(USER, LANES)


async def opened(store, run_sql) -> list[str]:
    """Everything that the tables hold, sealed values opened."""
    found = []
    for table, column, key in (
        ("records", "body", "kind || ' ' || key"),
        ("inbox", "body", "id"),
        ("outbox", "body", "id"),
        ("timers", "body", "key"),
        ("ledger", "body", "group_hash || ' ' || place"),
    ):
        rows = await run_sql(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL")
        for name, body in rows:
            plain = store._keys.open(f"{table}.{column} {name}", bytes(body))
            found.append(plain.decode(errors="replace"))
    return found


async def test_what_is_theirs_goes_and_what_is_anothers_stays(store, run_sql):
    await write(store, USER, CHAT)
    await write(store, OTHER, "!other")
    before = await opened(store, run_sql)
    assert len([one for one in before if USER in one]) >= 9
    await forget(store)
    after = await opened(store, run_sql)
    cares = [one for one in before if '"Care"' in one]
    assert [one for one in after if USER in one] == [one for one in cares if USER in one]
    assert [one for one in after if OTHER in one] == [one for one in before if OTHER in one]
    async with store.begin() as work:
        assert [x.id for x in await work.arrivals(NOON, 9)] == [
            f"$said {OTHER}",
            f"parted {OTHER}",
        ]
        assert {x.id for x in await work.postings(NOON, 9)} == {f"say {OTHER}", f"remove {OTHER}"}
        assert [parked.id for parked in await work.parked()] == [f"parked {OTHER}"]
        chains = await work.verify_ledger([])
    assert [(chain.lines, chain.erased, chain.fault) for chain in chains] == [(2, 1, None)]


async def test_a_step_that_forgets_can_end_its_own_row(store):
    await write(store, USER, CHAT)
    async with store.begin() as work:
        row = next(x for x in await work.arrivals(NOON, 9) if x.id.startswith("parted"))
        await work.forget_person(USER, LANES)
        await work.finish(row.row)
    async with store.begin() as work:
        assert await work.accept([Arrival(row.id, row.lane, "event", row.body, NOON)]) == 0
        assert await work.arrivals(NOON, 9) == []


async def test_timers_and_rooms_of_groups_are_let_be(store):
    async with store.begin() as work:
        await work.wake("ratification", NOON, RatificationDue(GROUP, "2.0.0"))
        await work.post(Posting("make", "group", MakeRoom(GROUP, RoomKind.CIRCLE, CHARTER), NOON))
        await work.forget_person(CHARTER.facilitators[0], LANES)
    assert (await store.condition()).timers == 1
    async with store.begin() as work:
        assert len(await work.postings(NOON, 9)) == 1


async def test_about_a_person_is_all_but_an_open_care_case(store):
    await write(store, USER, CHAT)
    async with store.begin() as work:
        about = await work.about_person(USER)
    assert [one["kind"] for one in about] == ["consent", "person", "room"]
    assert about[0]["data_statement"] == "d"
    assert "" not in about[0]


async def test_the_write_ahead_log_is_emptied(store, sqlite_file, database_url):
    if not database_url.startswith("sqlite"):
        await store.tidy()
        pytest.skip("about SQLite's files")
    await write(store, USER, CHAT)
    log = sqlite_file.with_name(f"{sqlite_file.name}-wal")
    async with store.begin() as work:
        body = store._keys.seal("records.body x", b"a value that will be looked for")
        await work.keep_fact("canary", body)
    await store.tidy()
    assert log.stat().st_size == 0
    await forget(store)
    assert log.stat().st_size > 0
    await store.tidy()
    assert log.stat().st_size == 0
    async with store.begin() as work:  # the connection's patience is as it was
        await work.keep_fact("canary", b"")


async def test_pages_that_were_freed_are_written_over(store, sqlite_file, database_url, run_sql):
    if not database_url.startswith("sqlite"):
        pytest.skip("about SQLite's files")
    await write(store, USER, CHAT)
    bodies = [
        bytes(row[0])
        for table in ("records", "timers", "inbox", "outbox", "ledger")
        for row in await run_sql(f"SELECT body FROM {table} WHERE body IS NOT NULL")
    ]
    await store.tidy()
    assert all(body in sqlite_file.read_bytes() for body in bodies if len(body) < 400)
    await forget(store)
    await store.tidy()
    left = [body for body in bodies if body[-40:] in sqlite_file.read_bytes()]
    assert len(left) == 1  # the care case


async def test_whoever_else_is_at_the_database_stops_nothing(
    store, open_store, database_url, clock
):
    if not database_url.startswith("sqlite"):
        pytest.skip("about SQLite's files")
    other = await open_store(database_url)
    async with other.begin() as work:
        await work.keep_fact("x", b"y")
        await store.tidy()  # does not wait for them


async def test_a_damaged_timer_keeps_nobody_from_being_forgotten_and_no_other_from_its_time(
    store, run_sql
):
    await write(store, USER, CHAT)
    await write(store, OTHER, "!other")
    async with store._scope() as scope:
        hashed = scope.keys.hash("timers.key", f"grace {OTHER}")
    await run_sql(f"UPDATE timers SET name = 'Damaged', body = 'x' WHERE key = '{hashed}'")
    await forget(store)
    assert (await store.condition()).timers == 1
    async with store.begin() as work:
        assert await work.get(Person, USER) is None
        await work.wake("fine", NOON, GraceEnded(OTHER, GROUP))
        assert await work.due(NOON + timedelta(days=2), 9) == 1, "and it stops no other"
        assert await work.due(NOON + timedelta(days=2), 9) == 0
