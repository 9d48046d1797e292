"""A migrated database of each kind, and stores on it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from appservice.domain.events import Event
from appservice.store import KeyFile, Keys, Store, migrate
from appservice.store.engine import database_url as parse_url
from appservice.store.engine import open_engine

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OpenStore = Callable[..., Awaitable[Store]]


class HandClock:
    """A clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def advance(self, **span: float) -> datetime:
        self.moment += timedelta(**span)
        return self.moment


def lane_of(event: Event) -> str:
    return f"person {event.user}"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    file = KeyFile(tmp_path / "circlekeeper.keys")
    file.create()
    return file


@pytest.fixture
def keys(key_file: KeyFile) -> Keys:
    return key_file.read()


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "circlekeeper.db"


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """An empty database."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{sqlite_file}"


@pytest_asyncio.fixture
async def database_url(empty_url: str) -> str:
    """A migrated database."""
    await migrate(empty_url)
    return empty_url


@pytest_asyncio.fixture
async def open_store(keys: Keys, clock: HandClock) -> AsyncIterator[OpenStore]:
    """A function of a URL that opens a store, as each instance does; closed after the test."""
    opened: list[Store] = []

    async def open_(url: str, *, limit: float = 10.0, keys: Keys = keys) -> Store:
        opened.append(await Store.open(url, keys, lane_of, clock, limit))
        return opened[-1]

    yield open_
    for store in opened:
        await store.close()


@pytest_asyncio.fixture
async def store(database_url: str, open_store: OpenStore) -> Store:
    return await open_store(database_url)


@pytest_asyncio.fixture
async def run_sql(database_url: str) -> AsyncIterator[Callable[[str], Awaitable[list[tuple]]]]:
    """A function that runs a statement past the store and returns its rows."""
    engine = open_engine(parse_url(database_url), 10.0)

    async def run(statement: str) -> list[tuple]:
        async with engine.begin() as connection:
            result = await connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    yield run
    await engine.dispose()


@pytest_asyncio.fixture
async def postgres_store_pair(postgres_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two instances on one PostgreSQL."""
    await migrate(postgres_url)
    return await open_store(postgres_url), await open_store(postgres_url)
