"""Migrations: from nothing to what the program needs, more than once and by several at once."""

import asyncio
import stat

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from appservice.errors import ConfigurationError
from appservice.store import migrate, schema
from appservice.store.engine import database_url as parse_url
from appservice.store.engine import open_engine
from appservice.store.tables import metadata


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


async def test_migrations_make_the_tables_that_the_program_knows(empty_url):
    await migrate(empty_url)
    engine = open_engine(parse_url(empty_url), 10.0)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(schema.version) == schema.newest()
    await engine.dispose()


async def test_partial_indexes_are_made(database_url, run_sql):
    catalogue = "sqlite_master" if database_url.startswith("sqlite") else "pg_indexes"
    column = "sql" if catalogue == "sqlite_master" else "indexdef"
    found = await run_sql(f"SELECT {column} FROM {catalogue}")
    partial = [text for (text,) in found if text and "IS NOT NULL" in text.split("WHERE")[-1]]
    assert len([text for text in partial if "WHERE" in text]) == 3


async def test_migrating_again_and_at_the_same_time_changes_nothing(empty_url, open_store):
    await asyncio.gather(*(migrate(empty_url) for _ in range(8)))
    store = await open_store(empty_url)
    assert await store.schema_current()
    assert (await store.condition()).version == schema.newest()


async def test_a_database_of_a_newer_program_is_let_be(empty_url, run_sql):
    await migrate(empty_url)
    await run_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError, match="newer version of this program"):
        await migrate(empty_url)
    assert await run_sql("SELECT version_num FROM alembic_version") == [("9999",)]


async def test_a_database_of_another_version_is_not_opened(empty_url, open_store):
    with pytest.raises(ConfigurationError, match="circlekeeper migrate"):
        await open_store(empty_url)


async def test_a_new_database_file_appears_whole_and_is_let_be_later(tmp_path):
    file = tmp_path / "data" / "circlekeeper.db"
    for _ in range(2):
        engine = open_engine(parse_url(f"sqlite:///{file}"), 10.0)
        assert file.read_bytes()[18:20] == b"\x02\x02"  # WAL, says SQLite's file format
        assert list(file.parent.iterdir()) == [file]
        await engine.dispose()


async def test_the_database_file_is_for_its_owner_only(sqlite_file, open_store):
    await migrate(f"sqlite:///{sqlite_file}")
    await open_store(f"sqlite:///{sqlite_file}")
    for name in ("", "-wal", "-shm"):
        path = sqlite_file.with_name(sqlite_file.name + name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_sqlite_keeps_its_promises(store, database_url, sqlite_file):
    if not database_url.startswith("sqlite"):
        pytest.skip("about SQLite")
    async with store._transaction() as connection:
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
