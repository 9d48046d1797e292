"""The keeper's encryption against three independent libraries on a real Synapse, each way."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from appservice.crypto import Trust
from tests.support.keeper_device import KeeperDevice
from tests.support.library import ELEMENT, LIBRARIES, MAUTRIX, NIO, Library
from tests.support.member import Line
from tests.support.peer import Peer
from tests.support.shared_synapse import SharedSynapse

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
SHIELD = {ELEMENT: "NONE", NIO: None, MAUTRIX: "CROSS_SIGNED_TOFU"}  # of a cross-signed sender

SESSIONS = {ELEMENT: 10, NIO: 1, MAUTRIX: 10}  # nio rotates at 100 whatever the room says


@pytest_asyncio.fixture
async def keeper(shared_synapse: SharedSynapse, tmp_path: Path) -> AsyncIterator[KeeperDevice]:
    """The keeper's device, set up."""
    async with KeeperDevice(await shared_synapse.get(), tmp_path) as device:
        yield device


@pytest_asyncio.fixture(params=LIBRARIES)
async def library(
    request: pytest.FixtureRequest, shared_synapse: SharedSynapse
) -> AsyncIterator[Library]:
    """A library that members use."""
    async with Library(request.param, await shared_synapse.get()) as made:
        yield made


class Talk:
    """A room where keeper and members are."""

    def __init__(self, keeper: KeeperDevice, library: Library, room: str) -> None:
        self.keeper = keeper
        self.room = room
        self._shield = SHIELD[library.name]

    async def hears(self, peer: Peer, text: str) -> Line:
        """The keeper's text comes to this device, and nothing about it is suspicious."""
        line = await peer.wait_for_text(self.room, text)
        assert (line.sender, line.encrypted) == (self.keeper.user_id, True)
        assert line.shield == self._shield
        return line

    async def tells(self, peer: Peer, text: str) -> None:
        """This device's text is read by the keeper as from the member's own hand."""
        read = await self.keeper.read(self.room, await peer.send(self.room, text))
        assert (read.content["body"], read.device_id) == (text, peer.device_id)
        assert read.trust == Trust(signed=True)


async def begin(keeper: KeeperDevice, library: Library, *peers: Peer, rotation: int = 100) -> Talk:
    room = await keeper.make_room(*(peer.user_id for peer in peers), rotation=rotation)
    for peer in peers:
        await peer.join(room)
    await keeper.look(room)
    return Talk(keeper, library, room)


async def test_keeper_writes_first(keeper: KeeperDevice, library: Library) -> None:
    ada = await library.enter("ada")
    talk = await begin(keeper, library, ada)
    await keeper.send(talk.room, "welcome")
    await talk.hears(ada, "welcome")
    await talk.tells(ada, "thank you")


async def test_member_writes_first(keeper: KeeperDevice, library: Library) -> None:
    ada = await library.enter("ada")
    room = await ada.create_chat(keeper.user_id)
    await keeper.client.join(room, user=keeper.user_id)
    await ada.wait_until(lambda: any(l.sender == keeper.user_id for l in ada.timeline(room)))
    await keeper.look(room)
    talk = Talk(keeper, library, room)
    await talk.tells(ada, "is somebody there")
    await keeper.send(room, "yes")
    await talk.hears(ada, "yes")


async def test_hundred_messages_each_way_with_rotation(
    keeper: KeeperDevice, library: Library
) -> None:
    ada = await library.enter("ada")
    talk = await begin(keeper, library, ada, rotation=10)
    texts = [f"number {number}" for number in range(100)]

    async def keeper_says() -> list[str]:
        return [await keeper.send(talk.room, text) for text in texts]

    async def member_says() -> list[str]:
        return [await ada.send(talk.room, text) for text in texts]

    said, asked = await asyncio.gather(keeper_says(), member_says())
    await ada.wait_for(talk.room, lambda line: line.event_id == said[-1] and line.readable)
    heard = [line for line in ada.timeline(talk.room) if line.event_id in said]
    assert [line.body for line in heard] == texts

    events = {event["event_id"]: event for event in await keeper.events(talk.room)}
    read = [await keeper.read_raw(events[event]) for event in asked]
    assert [(one.content["body"], one.trust) for one in read] == [
        (text, Trust(signed=True)) for text in texts
    ]
    ours = [events[event]["content"]["session_id"] for event in said]
    assert all(len(set(ours[n : n + 10])) == 1 for n in range(0, 100, 10))
    assert len(set(ours)) == 10
    assert len({one.session_id for one in read}) == SESSIONS[library.name]
