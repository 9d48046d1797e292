"""What is said is encrypted for the right devices, with as few questions as can be."""

import pytest

from appservice import crypto
from appservice.clock import milliseconds
from appservice.crypto import MissingKey
from appservice.domain.state import Room
from appservice.domain.types import Audience, RoomId, RoomKind, UserId
from appservice.matrix.encryption import Encryption
from appservice.ports import Posting
from tests.crypto.world import ROOM, Party, Server
from tests.support.memory_store import MemoryStore, MemoryWork


class Homeserver:
    """The keeper's client, in front of a homeserver made of dicts; `asked` tells what for."""

    def __init__(self, server):
        self.server = server
        self.asked = []

    async def keys_query(self, body):
        self.asked.append("query")
        return self.server.query(body)

    async def keys_claim(self, body):
        self.asked.append("claim")
        return self.server.claim(body)


class House:
    def __init__(self, clock, monkeypatch, in_groups=Audience.SIGNED):
        server = Server()
        self.keeper = Party(server, "@keeper:hs")
        self.phone = Party(server, "@ada:hs", "PHONE")
        self.old = Party(server, "@ada:hs", "OLD", signed=False)
        self.store, self.client, self.kept = MemoryStore(), Homeserver(server), []
        self.store.keys = self.keeper.records

        async def prepare(_, row, prepared):
            self.kept.append(row)

        monkeypatch.setattr(MemoryWork, "prepare", prepare, raising=False)
        self.encryption = Encryption(
            self.keeper.machine, self.client, self.store, clock, in_groups
        )
        for party in (self.keeper, self.phone, self.old):
            party.now = milliseconds(clock.now())

    async def say(self, words, what=RoomKind.CHAT, audience=Audience.SIGNED):
        """Return the event; the keys are delivered."""
        posting = Posting("id", "lane", None, None, row=len(self.kept))
        room = Room(RoomId(ROOM), what, None, UserId("@ada:hs"), encrypted=True)
        prepared = await self.encryption.prepare(
            posting, room, audience, "m.room.message", {"body": words}
        )
        batches = [crypto.ToDeviceBatch(*batch) for batch in prepared.to_device]
        self.keeper.server.send(self.keeper.user, batches)
        for device in (self.phone, self.old):
            device.sync()
        return self.keeper.event(prepared.content)


def reads(device, event):
    try:
        return device.read(event).content["body"]
    except MissingKey:
        return None


@pytest.fixture
def house(clock, monkeypatch):
    return House(clock, monkeypatch)


async def test_the_second_message_asks_nothing(house):
    await house.say("good morning")
    assert house.client.asked == ["query", "claim"]
    later = await house.say("good evening")
    assert house.client.asked == ["query", "claim"]
    assert reads(house.phone, later) == "good evening"
    assert house.kept == [0, 1]


async def test_a_device_that_came_since_gets_the_key(house):
    before = await house.say("how to verify", audience=Audience.ALL)
    new = Party(house.keeper.server, "@ada:hs", "NEW", signed=False)
    await house.encryption.lists.outdate("@ada:hs")
    after = await house.say("how to go on", audience=Audience.ALL)
    new.sync()
    assert (reads(new, before), reads(new, after)) == (None, "how to go on")


async def test_what_is_personal_goes_to_signed_devices_only(house):
    event = await house.say("about you")
    assert (reads(house.phone, event), reads(house.old, event)) == ("about you", None)
    event = await house.say("how to verify", audience=Audience.ALL)
    assert (reads(house.phone, event), reads(house.old, event)) == ("how to verify",) * 2


@pytest.mark.parametrize("what", [RoomKind.NOTICEBOARD, RoomKind.FACILITATORS])
@pytest.mark.parametrize("in_groups", list(Audience))
async def test_the_operator_chooses_who_gets_the_keys_of_a_group(
    clock, monkeypatch, what, in_groups
):
    house = House(clock, monkeypatch, in_groups)
    event = await house.say("on Tuesday", what)
    assert reads(house.phone, event) == "on Tuesday"
    assert reads(house.old, event) == ("on Tuesday" if in_groups is Audience.ALL else None)


@pytest.mark.parametrize("in_groups", list(Audience))
async def test_private_chats_are_not_concerned(clock, monkeypatch, in_groups):
    house = House(clock, monkeypatch, in_groups)
    assert reads(house.old, await house.say("about you")) is None
