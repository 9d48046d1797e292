"""SQLite's thread is visited as seldom as may be, and nothing that waits for a visit is lost."""

from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from appservice.store import sqlite_dialect
from appservice.store.engine import database_url, open_engine
from appservice.store.sqlite_dialect import LATER

WRITE = text("INSERT INTO things VALUES (:name)")
READ = text("SELECT name FROM things ORDER BY name")
WAITING = {LATER: True}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url(f"sqlite:///{tmp_path}/things.db"), 2)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE things (name TEXT UNIQUE NOT NULL)"))
    yield engine
    await engine.dispose()


async def names(engine: AsyncEngine) -> list[str]:
    async with engine.begin() as connection:
        return [row.name for row in (await connection.execute(READ)).all()]


async def test_what_waits_goes_with_the_commit(engine: AsyncEngine) -> None:
    with patch.object(sqlite_dialect, "_run", wraps=sqlite_dialect._run) as visits:
        async with engine.begin() as connection:
            await connection.execute(WRITE, {"name": "a"}, execution_options=WAITING)
            await connection.execute(
                WRITE, [{"name": "b"}, {"name": "c"}], execution_options=WAITING
            )
            assert visits.call_count == 0
        assert visits.call_count == 1
    assert await names(engine) == ["a", "b", "c"]


async def test_what_waits_is_done_before_the_next_statement(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(WRITE, {"name": "a"}, execution_options=WAITING)
        assert [row.name for row in (await connection.execute(READ)).all()] == ["a"]


@pytest.mark.parametrize("then_read", [False, True])
async def test_an_error_of_what_waits_undoes_the_transaction(
    engine: AsyncEngine, *, then_read: bool
) -> None:
    async def write_twice() -> None:
        async with engine.begin() as connection:
            await connection.execute(WRITE, {"name": "a"})
            await connection.execute(WRITE, {"name": "a"}, execution_options=WAITING)
            if then_read:
                await connection.execute(READ)

    with pytest.raises(IntegrityError):
        await write_twice()
    assert await names(engine) == []


async def test_what_waits_in_a_transaction_that_is_undone_is_never_done(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        await connection.begin()
        await connection.execute(WRITE, {"name": "a"}, execution_options=WAITING)
        await connection.rollback()
        await connection.begin()
        await connection.execute(WRITE, {"name": "b"}, execution_options=WAITING)
        await connection.commit()
    assert await names(engine) == ["b"]
