"""The PostgreSQL of the tests: a database per test, and a server that can be stopped."""

import asyncio

import asyncpg

from tests.conftest import needs_own_postgres


async def _connect(url):
    return await asyncpg.connect(url.replace("+asyncpg", ""))


async def test_a_fresh_database_answers(postgres_server, postgres_url):
    other = await postgres_server.create_database()
    assert other != postgres_url
    for url in (postgres_url, other):
        connection = await _connect(url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.execute("CREATE TABLE only_here ()")
        await connection.close()


@needs_own_postgres
async def test_a_frozen_server_answers_nobody_until_it_thaws(postgres_server, postgres_url):
    connection = await _connect(postgres_url)
    postgres_server.freeze()
    asking = asyncio.create_task(connection.fetchval("SELECT 2"))
    done, _ = await asyncio.wait([asking], timeout=0.5)
    postgres_server.thaw()
    assert not done
    assert await asking == 2
    await connection.close()
