"""Real parts for all tests, each started when a test first asks for it."""

import itertools
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.support.element import Element
from tests.support.nio_member import NioMember
from tests.support.postgres import Postgres
from tests.support.shared_synapse import SharedSynapse
from tests.support.synapse import Account, Synapse

# `make test` gives the same verdict twice, however busy the machine; `make soak` tries new
# examples every time
settings.register_profile("new", deadline=None)
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("new" if os.environ.get("CIRCLEKEEPER_NEW_EXAMPLES") else "repeatable")

_names = itertools.count(1)
_run = secrets.token_hex(2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by the real parts they ask for; leave the soak out unless it is asked for."""
    by_fixture = {
        "synapse_server": "synapse",
        "make_synapse": "synapse",
        "element": "interop",
        "postgres_server": "postgres",
        "postgres_url": "postgres",
    }
    for item in items:
        for name in by_fixture.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(by_fixture[name])
    if "soak" not in (config.option.markexpr or ""):
        soak = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if item not in soak]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def synapse_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Synapse]:
    """A Synapse without application services, for the whole run: use new users per test."""
    server = Synapse(tmp_path_factory.mktemp("synapse"))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def shared_synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSynapse]:
    """A Synapse with our registration, for the whole run: use names that no other test has."""
    shared = SharedSynapse(tmp_path_factory.mktemp("shared-synapse"))
    yield shared
    shared.stop()


@pytest_asyncio.fixture
async def make_synapse(tmp_path: Path) -> AsyncIterator[Callable[..., Synapse]]:
    """Synapses of one's own, not started yet (add application services first); stopped after."""
    made: list[Synapse] = []

    def make(**options: str) -> Synapse:
        made.append(Synapse(tmp_path / f"synapse-{len(made)}", **options))
        return made[-1]

    yield make
    for server in made:
        await server.stop()


@pytest.fixture
def new_user() -> Callable[[Synapse, str], Awaitable[Account]]:
    """A function of a server and a name that registers a user whom no other test has."""

    async def register(server: Synapse, name: str) -> Account:
        return await server.register_user(f"{name}-{_run}-{next(_names)}")

    return register


@pytest_asyncio.fixture
async def element() -> AsyncIterator[Element]:
    """Element's crypto in a Node process of this test; ``login`` takes any homeserver."""
    async with Element() as running:
        yield running


@pytest_asyncio.fixture
async def nio_login() -> AsyncIterator[Callable[..., Awaitable[NioMember]]]:
    """A function of server and account that logs in a nio member, stopped after the test."""
    members: list[NioMember] = []

    async def login(server: Synapse, account: Account, **options: object) -> NioMember:
        member = await NioMember.login(server.url, account.user_id, account.password, **options)
        members.append(member)
        return member

    yield login
    for member in members:
        await member.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """The embedded PostgreSQL, or the server that ``CIRCLEKEEPER_TEST_POSTGRES`` names."""
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def postgres_url(postgres_server: Postgres) -> AsyncIterator[str]:
    """A fresh empty database, ``postgresql+asyncpg://...``."""
    yield await postgres_server.create_database()
    await postgres_server.drop_databases()


needs_own_postgres = pytest.mark.skipif(
    bool(os.environ.get("CIRCLEKEEPER_TEST_POSTGRES")), reason="stops the database server"
)
