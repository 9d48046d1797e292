"""A homeserver (the stub, or a real Synapse) with our application service, and our parts on it."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio

from appservice.clock import SystemClock
from appservice.crypto import Machine
from appservice.domain.charter import Charter
from appservice.domain.effects import Effect
from appservice.domain.state import House
from appservice.domain.types import EffectId, GroupId, Size, UserId
from appservice.errors import TransientError
from appservice.matrix.client import Client
from appservice.matrix.doctor import Doctor
from appservice.matrix.inspect import Inspector
from appservice.matrix.perform import Performer
from appservice.matrix.rooms import Rooms
from appservice.matrix.setup import set_up
from appservice.ports import Performed, Posting
from tests.store.conftest import HandClock
from tests.support.memory_store import MemoryStore
from tests.support.ports import reserve_port
from tests.support.shared_synapse import SharedSynapse, registration
from tests.support.stub_homeserver import StubHomeserver, Touch
from tests.support.synapse import Account

SERVER = "circle.test"
SECRET = b"s" * 32
_numbers = itertools.count(1)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@dataclass
class Place:
    """Our parts, wired to one homeserver, with names that no other test uses."""

    server: Any  # StubHomeserver or Synapse
    client: Client
    store: MemoryStore
    house: House
    rooms: Rooms
    inspector: Inspector
    performer: Performer
    machine: Machine
    registration: dict[str, Any]
    number: int

    async def set_up_with_crash(self, when: str, number: int) -> bool:
        """Whether there was a touch of this number to crash at."""

        def crash(touch: Touch) -> None:
            # from then on, since the client library tries an idempotent request twice by itself
            if touch.number >= number:
                raise RuntimeError

        setattr(self.server, when, crash)
        try:
            await self.set_up()
        except TransientError:
            return True
        finally:
            setattr(self.server, when, None)
        return False

    async def set_up(self, secret: bytes = SECRET) -> None:
        await set_up(self.client, self.store, self.house, self.machine, secret, SystemClock())

    @asynccontextmanager
    async def with_device(
        self, device: str, store: MemoryStore | None = None
    ) -> AsyncIterator["Place"]:
        """The same users by another device; without `store` the database is empty."""
        keeper, token = self.house.keeper, self.registration["as_token"]
        machine = Machine(keeper, device, b"p" * 32)
        async with Client(self.server.url, token, keeper, device) as client:
            yield replace(self, client=client, store=store or MemoryStore(), machine=machine)

    async def perform(self, effect: Effect, id: str = "effect") -> Performed:  # noqa: A002
        posting = Posting(EffectId(id), "lane", effect, SystemClock().now())
        return await self.performer.perform(posting)

    async def person(self, name: str) -> Account:
        return await self.server.register_user(f"{name}{self.number}")

    async def token(self, account: Account) -> str:
        return await self.server.login(account)

    def doctor(self, **changes: Any) -> Doctor:
        registration = {**self.registration, **changes}
        return Doctor(
            self.client, self.store, SystemClock(), self.house, self.machine, registration
        )

    @property
    def group(self) -> GroupId:
        return GroupId(f"group{self.number}")


def charter(*facilitators: str, federated: bool = False) -> Charter:
    return Charter(
        name="Willow",
        title="After a loss",
        purpose="",
        for_whom="",
        not_for_whom="",
        what_happens="",
        hours="",
        zone="Europe/Berlin",
        language="en",
        country="DE",
        minimum_age=18,
        size=Size.STANDARD,
        federated=federated,
        facilitators=tuple(UserId(user) for user in facilitators),
        lead=None,
        rules=(),
        crisis_plan=(),
    )


def place(server: Any, given: dict[str, Any], version: str) -> Place:
    number = next(_numbers)
    house = House(
        keeper=UserId(f"@keeper{number}:{SERVER}"),
        steward=UserId(f"@steward{number}:{SERVER}"),
        operator=None,
        language="en",
        help_page=None,
        helplines={},
    )
    client = Client(server.url, given["as_token"], house.keeper, "KEEPER")
    store = MemoryStore()
    rooms = Rooms(client, store, house, version)
    inspector = Inspector(client, house)
    performer = Performer(client, rooms, inspector, store, house)
    machine = Machine(house.keeper, "KEEPER", b"p" * 32)
    return Place(server, client, store, house, rooms, inspector, performer, machine, given, number)


@pytest_asyncio.fixture
async def stub() -> AsyncIterator[StubHomeserver]:
    async with StubHomeserver() as server:
        server.load(registration(reserve_port()))
        server.pusher.hold()
        yield server


@pytest_asyncio.fixture
async def on_stub(stub: StubHomeserver) -> AsyncIterator[Place]:
    """Our parts on the stub, set up."""
    made = place(stub, dict(stub._registration), "12")
    async with made.client:
        await made.set_up()
        yield made


ON_SYNAPSE = [
    pytest.param(f"synapse {version}", marks=pytest.mark.synapse) for version in ("12", "11")
]


@pytest_asyncio.fixture(params=["stub 12", "stub 11", *ON_SYNAPSE])
async def everywhere(
    request: pytest.FixtureRequest, stub: StubHomeserver, shared_synapse: SharedSynapse
) -> AsyncIterator[Place]:
    """Our parts on the stub and on Synapse, in both room versions, set up."""
    async with _set_up_on(request.param, stub, shared_synapse) as made:
        yield made


@pytest_asyncio.fixture(params=["stub 11", ON_SYNAPSE[0]])
async def anywhere(
    request: pytest.FixtureRequest, stub: StubHomeserver, shared_synapse: SharedSynapse
) -> AsyncIterator[Place]:
    """The same, each homeserver with another room version."""
    async with _set_up_on(request.param, stub, shared_synapse) as made:
        yield made


@asynccontextmanager
async def _set_up_on(
    kind: str, stub: StubHomeserver, shared: SharedSynapse
) -> AsyncIterator[Place]:
    what, version = kind.split()
    if what == "stub":
        made = place(stub, dict(stub._registration), version)
    else:
        made = place(await shared.get(), shared.registration, version)
    async with made.client:
        await made.set_up()
        yield made


__all__ = ["SECRET", "Place", "charter", "place", "registration"]
