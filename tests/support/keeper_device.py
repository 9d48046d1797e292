"""The keeper's encryption on a real homeserver without the house around it."""

import itertools
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from appservice import crypto
from appservice.clock import SystemClock
from appservice.crypto import Machine
from appservice.domain.effects import Message, Say
from appservice.domain.records import Room
from appservice.domain.state import House
from appservice.domain.types import (
    Audience,
    EffectId,
    EventId,
    RoomId,
    RoomKind,
    UserId,
    derive,
    verbatim,
)
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.own_device import own_device
from appservice.matrix.pump import KeyPump
from appservice.matrix.setup import set_up
from appservice.matrix.speak import Speaker
from appservice.ports import Posting
from appservice.store import Generation, KeyFile, Store, count_generation, end_restore, migrate
from tests.support.contents import MEGOLM, Json
from tests.support.shared_synapse import AS_TOKEN
from tests.support.synapse import Synapse

MOST = 100  # postings that are looked at: those whose sending failed stay

_numbers = itertools.count(1_000_000)  # names of keepers that tests/matrix does not use


class _Verbatim:
    """Renders a message as its first line."""

    def content(self, message: Message, cause: EffectId) -> Mapping[str, Any]:  # noqa: ARG002
        return {"msgtype": "m.text", "body": str(message.lines[0].values["text"])}


class KeeperDevice:
    """Reads and writes as `run` does, with SQLite; `stop` and `start` as often as you like."""

    def __init__(self, server: Synapse, folder: Path) -> None:
        number = next(_numbers)
        self.server = server
        self.user_id = UserId(f"@keeper{number}:{server.server_name}")
        self.clock = SystemClock()
        self._house = House(
            keeper=self.user_id,
            steward=UserId(f"@steward{number}:{server.server_name}"),
            operator=None,
            language="en",
            help_page=None,
            helplines={},
        )
        self._database = folder / "circlekeeper.db"
        self._generation = Generation(folder / "generation")
        self._keys = KeyFile(folder / "circlekeeper.keys")
        self._keys.create()
        self._said = itertools.count(1)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await migrate(f"sqlite:///{self._database}")
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> bool:
        """Begin as `run` does; return whether the database was found to be set back."""
        keys = self._keys.read()
        url = f"sqlite:///{self._database}"
        self.store = await Store.open(url, keys, lambda _: "lane", self.clock)
        self._stack.push_async_callback(self.store.close)
        device = await own_device(self.store)
        self.client = Client(self.server.url, AS_TOKEN, self.user_id, device)
        self._stack.push_async_callback(self.client.close)
        machine = Machine(self.user_id, device, keys.pickle_key)
        self.encryption = Encryption(machine, self.client, self.store, self.clock)
        self.store.on_saved = self.encryption.lines.heard
        self.encryption.lines.switch_on()
        self.pump = KeyPump(self.client, self.encryption, self.store, self.clock)
        own = (self.user_id, machine.device_id)
        self._speaker = Speaker(
            self.client, self.encryption, self.store, self.clock, _Verbatim(), own
        )
        found = await count_generation(self.store, self._generation, self.clock.now())
        await set_up(self.client, self.store, self._house, machine, b"r" * 32, self.clock)
        if found is not None:
            await self.encryption.healing.heal_all()
            await end_restore(self.store)
        await self.pump.fetch()
        return found is not None

    async def stop(self) -> None:
        await self._stack.aclose()

    async def back_up(self, copy: Path) -> None:
        """Copy the database, as an operator does between `stop` and `run`."""
        await self.stop()
        shutil.copy(self._database, copy)
        await self.start()

    async def restore(self, copy: Path) -> None:
        """Put a copy in the database's place and begin again."""
        await self.stop()
        shutil.copy(copy, self._database)
        assert await self.start()

    # -- rooms

    async def make_room(self, *invited: str, rotation: int = 100) -> str:
        """A room as our private chats are, encrypted, rotating after so many messages."""
        encryption = {"algorithm": MEGOLM, "rotation_period_msgs": rotation}
        state = {
            "m.room.encryption": encryption,
            "m.room.history_visibility": {"history_visibility": "joined"},
        }
        body = {
            "preset": "private_chat",
            "invite": list(invited),
            "initial_state": [{"type": kind, "content": state[kind]} for kind in state],
        }
        return await self.client.create_room(body, user=self.user_id)

    async def events(self, room_id: str) -> list[Json]:
        """The encrypted events of the room, the oldest first, as the homeserver has them."""
        page = await self.client.messages(RoomId(room_id), user=self.user_id, limit=1000)
        found = [event for event in page["chunk"] if event["type"] == "m.room.encrypted"]
        return [event | {"room_id": room_id} for event in reversed(found)]

    async def look(self, room_id: str) -> None:
        """Learn who is there and how to rotate, as the house does after each member event."""
        rotation = crypto.Rotation.of(
            await self.client.state_event(room_id, "m.room.encryption", user=self.user_id)
        )
        events = await self.client.members(room_id, user=self.user_id)
        there = [one["state_key"] for one in events if one["content"]["membership"] == "join"]
        members = tuple(UserId(user) for user in sorted(there) if user != self.user_id)
        room = Room(
            RoomId(room_id),
            RoomKind.FACILITATORS,
            None,
            None,
            encrypted=True,
            members=members,
            rotation_messages=rotation.messages,
            rotation_ms=rotation.age_ms,
        )
        async with self.store.begin() as work:
            before = await work.get(Room, room_id)
            await work.put(room)
        for user in set(members) - set(before.members if before else ()):
            await self.encryption.lists.outdate(user)

    # -- saying and hearing

    async def send(self, room_id: str, text: str, *, to: Audience = Audience.SIGNED) -> str:
        """Say a text to those who were in the room at the last `look`; the event id."""
        name = EffectId(derive(self.user_id, str(next(self._said))))
        message = Message("test", (verbatim(text),), "en", audience=to)
        say = Say(RoomId(room_id), message)
        async with self.store.begin() as work:
            await work.post(Posting(name, name, say, self.clock.now()))
            heads = await work.postings(self.clock.now(), MOST)
        posting = next(head for head in heads if head.id == name)
        event = str((await self._speaker.perform(posting)).event)
        async with self.store.begin() as work:
            await work.done(posting.row, EventId(event))
        return event

    async def read(self, room_id: str, event_id: str) -> crypto.Decrypted:
        """Read an event; a key that is missing is fetched. Raises crypto.MissingKey."""
        return await self.read_raw(await self.client.event(room_id, event_id, user=self.user_id))

    async def read_raw(self, event: Json) -> crypto.Decrypted:
        """The same with the event itself."""
        try:
            return await self.encryption.decrypt(event)
        except crypto.MissingKey:
            await self.pump.fetch()
            return await self.encryption.decrypt(event)
