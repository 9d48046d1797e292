"""A homeserver's view of our door: an intake that remembers, and a client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from appservice.web import homeserver_app

TOKEN = "hs-token-of-the-test"
KEEPER = "@keeper:circle.test"


@dataclass
class RememberingIntake:
    """Keeps what it is given; writes nothing while `writable` is off."""

    writable: bool = True
    taken: list[tuple[str, list[object]]] = field(default_factory=list)
    fault: Exception | None = None

    async def accept(self, txn_id: str, events: list[object]) -> bool:
        if self.fault is not None:
            raise self.fault
        if self.writable:
            self.taken.append((txn_id, events))
        return self.writable


@pytest.fixture
def intake() -> RememberingIntake:
    return RememberingIntake()


@pytest.fixture
async def door(intake: RememberingIntake) -> AsyncIterator[TestClient]:
    app = homeserver_app(intake, TOKEN, {KEEPER, "@steward:circle.test"})
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def homeserver(door: TestClient) -> ClientSession:
    """A client that shows the right token."""
    door.session.headers["Authorization"] = f"Bearer {TOKEN}"
    return door
