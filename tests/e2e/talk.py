"""A room where the keeper's device and members of one library are."""

from typing import Self

from appservice.crypto import Trust
from tests.support.keeper_device import KeeperDevice
from tests.support.library import ELEMENT, MAUTRIX, NIO, Library
from tests.support.member import Line
from tests.support.peer import Peer

SHIELD = {ELEMENT: "NONE", NIO: None, MAUTRIX: "CROSS_SIGNED_TOFU"}  # of a cross-signed sender


class Talk:
    """What is said there, and how it must look at the other side."""

    def __init__(self, keeper: KeeperDevice, library: Library, room: str) -> None:
        self.keeper = keeper
        self.room = room
        self._shield = SHIELD[library.name]

    @classmethod
    async def begin(
        cls, keeper: KeeperDevice, library: Library, *peers: Peer, rotation: int = 100
    ) -> Self:
        """The keeper makes the room and everybody joins."""
        room = await keeper.make_room(*(peer.user_id for peer in peers), rotation=rotation)
        for peer in peers:
            await peer.join(room)
        await keeper.look(room)
        return cls(keeper, library, room)

    async def invite(self, peer: Peer) -> None:
        """The keeper invites somebody, and they come."""
        await self.keeper.client.invite(self.room, peer.user_id, user=self.keeper.user_id)
        await peer.join(self.room)
        await self.keeper.look(self.room)

    async def says(self, text: str, *hearers: Peer) -> str:
        """The keeper says something, and these devices read it; the event id."""
        event = await self.keeper.send(self.room, text)
        for peer in hearers:
            await self.hears(peer, text)
        return event

    async def hears(self, peer: Peer, text: str) -> Line:
        """The keeper's text comes to this device, and nothing about it is suspicious."""
        line = await peer.wait_for_text(self.room, text)
        assert (line.sender, line.encrypted) == (self.keeper.user_id, True)
        assert line.shield == self._shield
        return line

    async def tells(self, peer: Peer, text: str) -> None:
        """The keeper reads what this device says, as from the member's own hand."""
        read = await self.keeper.read(self.room, await peer.send(self.room, text))
        assert (read.content["body"], read.device_id) == (text, peer.device_id)
        assert read.trust == Trust(signed=True)

    async def cannot_read(self, peer: Peer, *events: str) -> None:
        """No key on this device opens these events, even if somebody hands them to it."""
        raw = {event["event_id"]: event for event in await self.keeper.events(self.room)}
        assert [(await peer.read_raw(raw[event])).readable for event in events] == [
            False for _ in events
        ]

    async def session_of(self, event_id: str) -> str:
        """The Megolm session that an event was encrypted in."""
        raw = await self.keeper.events(self.room)
        return next(x["content"]["session_id"] for x in raw if x["event_id"] == event_id)
