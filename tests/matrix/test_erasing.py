"""Whoever is forgotten is out of every room first, and then no key of theirs is left."""

from datetime import timedelta

import pytest

from appservice import crypto
from appservice.clock import milliseconds
from appservice.domain.effects import EraseKeys, Leave, PartWith, Remove
from appservice.domain.events import Parted
from appservice.domain.records import Room
from appservice.domain.types import EffectId, RoomId, RoomKind, UserId
from appservice.errors import PermanentError, TransientError
from appservice.matrix.erasing import Eraser
from appservice.matrix.lines import Lines
from appservice.ports import Performed, Posting
from tests.crypto.world import ROOM, pair
from tests.support.memory_store import MemoryStore

ADA, KEEPER = UserId("@ada:hs"), UserId("@keeper:hs")
CHAT, BOARD = RoomId(ROOM), RoomId("!board:hs")


class House:
    """Ada and the keeper have said something to each other."""

    def __init__(self, clock):
        self.ada, self.keeper = pair()
        self.ada.now = self.keeper.now = milliseconds(clock.now())
        self.store, self.clock = MemoryStore(), clock
        self.store.keys = self.keeper.records
        self.fails: dict[type, Exception] = {}
        self.done, self.told = [], []
        self.eraser = Eraser(self.store, clock, KEEPER, Lines(), self.carries_out)
        self.eraser.on_forget = lambda *what: self.told.append(what)

    async def carries_out(self, posting):
        if error := self.fails.get(type(posting.effect)):
            raise error
        self.done.append(posting.effect)
        return Performed()

    async def performs(self, effect):
        posting = Posting(EffectId("e"), "lane", effect, self.clock.now())
        return await self.eraser.perform(posting)

    def kinds(self):
        return {key[0] for key in self.store.keys}


@pytest.fixture
def house(clock):
    return House(clock)


async def test_out_of_every_room_and_then_out_of_every_chat(house):
    old = Room(RoomId("!old:hs"), RoomKind.CHAT, None, ADA, encrypted=True)
    house.store.records[Room, old.key] = old
    part = PartWith(ADA, CHAT, (RoomId("!circle"), BOARD))
    performed = await house.performs(part)
    assert house.done == [
        Remove(ADA, (RoomId("!circle"),)),
        Remove(ADA, (BOARD,)),
        Leave(old.room, KEEPER),
        Leave(CHAT, KEEPER),
    ]
    assert performed.happened == (Parted(ADA, (old.room, CHAT)),)


async def test_an_outage_lets_it_wait_and_a_room_that_is_no_more_does_not(house):
    house.fails[Leave] = TransientError("out")
    with pytest.raises(TransientError):
        await house.performs(PartWith(ADA, CHAT, (BOARD,)))
    house.fails[Leave] = PermanentError("gone", "M_FORBIDDEN")
    house.fails[Remove] = PermanentError("gone", "M_FORBIDDEN")
    performed = await house.performs(PartWith(ADA, CHAT, (BOARD,)))
    assert performed.happened == (Parted(ADA, (CHAT,)),)


async def test_no_key_of_theirs_is_left(house):
    heard = house.ada.say("hello", [house.keeper.user])
    house.keeper.hear(heard)
    assert house.keeper.read(heard)
    house.ada.hear(house.keeper.say("good evening", [house.ada.user]))
    assert {"peer", "identity", "inbound", "read", "outbound", "shared"} <= house.kinds()
    for _ in range(2):
        await house.performs(EraseKeys(UserId(house.ada.user), (CHAT,)))
        assert house.kinds() <= {"account", "own_identity", "published", "epoch"} | kept(house)
    assert not [key for key in house.store.keys if house.ada.user in "".join(key)]
    assert ((), frozenset({CHAT})) in house.told


def kept(house):
    """What is left of others, or of the keeper itself."""
    return {key[0] for key in house.store.keys if house.keeper.user in key}


async def test_what_they_said_in_rooms_that_stay_goes_and_what_others_said_stays(house):
    room = Room(CHAT, RoomKind.FACILITATORS, None, None, encrypted=True)
    house.store.records[Room, room.key] = room
    heard = house.ada.say("hello", [house.keeper.user])
    house.keeper.hear(heard)
    await house.performs(EraseKeys(UserId("@ben:hs"), (CHAT,)))
    assert house.keeper.read(heard)
    await house.performs(EraseKeys(UserId(house.ada.user), (CHAT,)))
    assert "inbound" not in house.kinds()
    with pytest.raises(crypto.MissingKey):
        house.keeper.read(heard)


async def test_the_age_of_a_key_does_not_save_it(house):
    heard = house.ada.say("hello", [house.keeper.user])
    house.keeper.hear(heard)
    house.clock.advance(days=timedelta(days=13).days)
    await house.performs(EraseKeys(UserId(house.ada.user), (CHAT,)))
    assert "inbound" not in house.kinds()
