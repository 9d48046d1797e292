"""When the database hangs, is locked, full or missing: a StorageError in time, and no more."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from appservice.domain.person import Person
from appservice.errors import ConfigurationError, PermanentError, StorageError
from appservice.store import Store, migrate
from tests.conftest import needs_own_postgres
from tests.store.conftest import lane_of
from tests.support.full_disk import files_no_larger_than

ADA = Person("@ada:x")


async def takes_writes(store):
    try:
        await put(store)
    except StorageError:
        return False
    return True


async def put(store, record=ADA):
    async with store.begin() as work:
        await work.put(record)


async def get(store):
    async with store.begin() as work:
        return await work.get(Person, ADA.key)


async def test_an_exception_undoes_the_whole_transaction(store):
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with store.begin() as work:
            await work.put(ADA)
            raise ZeroDivisionError
    assert await get(store) is None


async def test_a_cancelled_transaction_is_undone_and_lets_the_next_one_in(store):
    begun = asyncio.Event()

    async def hang():
        async with store.begin() as work:
            await work.put(ADA)
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await get(store) is None
    await put(store)
    assert await get(store) == ADA


async def test_transactions_of_one_process_wait_for_each_other(store):
    async def step():
        async with store.begin() as work:
            number = int(await work.fact("n"))
            await asyncio.sleep(0)
            await work.keep_fact(f"{number}", b"")
            await work.keep_fact("n", b"%d" % (number + 1))

    async with store.begin() as work:
        await work.keep_fact("n", b"0")  # PostgreSQL locks what is there
    await asyncio.gather(*(step() for _ in range(50)))
    async with store.begin() as work:
        assert await work.fact("n") == b"50"


KILLED = """
import asyncio, os, sys
from pathlib import Path
from appservice.clock import SystemClock
from appservice.domain.person import Person
from appservice.store import KeyFile, Store

async def main(url, keys):
    store = await Store.open(url, KeyFile(Path(keys)).read(), lambda event: "", SystemClock())
    async with store.begin() as work:
        await work.put(Person("@committed:x"))
    async with store.begin() as work:
        await work.put(Person("@ada:x"))
        print("here", flush=True)
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_program_leaves_whole_transactions(database_url, key_file, open_store):
    command = [sys.executable, "-c", KILLED, database_url, str(key_file.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}) as process:  # noqa: ASYNC220
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    store = await open_store(database_url)
    async with store.begin() as work:
        assert await work.all(Person) == [Person("@committed:x")]


@needs_own_postgres
async def test_a_hung_postgres_is_noticed_in_time_and_forgiven(
    postgres_server, postgres_url, open_store
):
    await migrate(postgres_url)
    store = await open_store(postgres_url, limit=1.0)
    await put(store)

    async def fails_in_time(coroutine):
        started = time.monotonic()
        with pytest.raises(StorageError):
            await coroutine
        assert time.monotonic() - started < 3.5

    async def hangs_between(step):
        async with store.begin() as work:
            await work.get(Person, ADA.key)
            postgres_server.freeze()
            await step(work)

    try:
        await fails_in_time(hangs_between(lambda work: work.put(Person("@ben:x"))))
        await fails_in_time(put(store))  # a new transaction, on a new or a pooled connection
        await fails_in_time(asyncio.gather(*(put(store, Person(f"@{n}")) for n in range(20))))
        assert not await takes_writes(store)
    finally:
        postgres_server.thaw()
    deadline = time.monotonic() + 10
    while not await takes_writes(store):
        assert time.monotonic() < deadline
    assert await get(store) == ADA
    await asyncio.gather(*(put(store, Person(f"@{n}:x")) for n in range(20)))
    async with store.begin() as work:
        known = {person.user for person in await work.all(Person)}
    assert known >= {ADA.user, *(f"@{n}:x" for n in range(20))}


@needs_own_postgres
async def test_a_postgres_that_hangs_at_the_commit_is_noticed(
    postgres_server, postgres_url, open_store
):
    await migrate(postgres_url)
    store = await open_store(postgres_url, limit=1.0)
    try:
        with pytest.raises(StorageError):  # noqa: PT012
            async with store.begin() as work:
                await work.put(ADA)
                postgres_server.freeze()
    finally:
        postgres_server.thaw()
    assert await takes_writes(store)


async def test_a_broken_connection_is_replaced(postgres_url, open_store, postgres_server):
    await migrate(postgres_url)
    store = await open_store(postgres_url)
    await put(store)
    await postgres_server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'circlekeeper'"
    )
    assert await get(store) == ADA


async def test_a_database_locked_by_another_program_gives_up_in_time(
    sqlite_file, keys, open_store, clock
):
    await migrate(f"sqlite:///{sqlite_file}")
    store = await open_store(f"sqlite:///{sqlite_file}", limit=0.3)
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match=r"locked|in time"):
        await put(store)
    assert not await takes_writes(store)
    other.execute("ROLLBACK")
    other.close()
    await put(store)
    assert await get(store) == ADA


async def test_a_full_disk_is_a_storage_error_and_passes(sqlite_file, open_store):
    await migrate(f"sqlite:///{sqlite_file}")
    store = await open_store(f"sqlite:///{sqlite_file}")
    await put(store)
    with (
        files_no_larger_than(sqlite_file.with_name(sqlite_file.name + "-wal").stat().st_size),
        pytest.raises(StorageError),
    ):
        async with store.begin() as work:
            await work.keep_fact("large", bytes(1_000_000))
    await put(store, Person("@ben:x"))
    async with store.begin() as work:
        assert await work.fact("large") is None
        assert len(await work.all(Person)) == 2


async def test_a_database_that_is_not_there_is_a_storage_error(keys, clock):
    url = "postgresql://nobody:hunter2@127.0.0.1:1/none"
    with pytest.raises(StorageError) as caught:
        await Store.open(url, keys, lane_of, clock, 2.0)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(StorageError):
        await migrate(url, 2.0)
    with pytest.raises(StorageError):
        await migrate("sqlite:////proc/nowhere/circlekeeper.db")


async def test_a_damaged_file_is_a_storage_error(tmp_path):
    (tmp_path / "c.db").write_bytes(b"no database at all, but long enough" * 100)
    with pytest.raises(StorageError, match="not a SQLite database"):
        await migrate(f"sqlite:///{tmp_path / 'c.db'}")


@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "sqlite://", "sqlite:///:memory:", ""])
async def test_a_url_that_nobody_can_use_is_a_configuration_error(url):
    with pytest.raises(ConfigurationError):
        await migrate(url)


async def test_a_mistake_of_ours_tells_no_values(store, run_sql):
    await run_sql("DROP TABLE facts")
    with pytest.raises((PermanentError, StorageError)) as caught:
        async with store.begin() as work:
            await work.keep_fact("canary", b"canary")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "canary" not in str(caught.value)
    assert "INSERT" not in str(caught.value)
