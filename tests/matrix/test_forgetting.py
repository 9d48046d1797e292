"""Keys of private chats are deleted in time, and those still in use are not."""

from datetime import timedelta

import pytest

from appservice import crypto
from appservice.clock import milliseconds
from appservice.crypto import MissingKey
from appservice.domain.state import Room
from appservice.domain.types import RoomId, RoomKind, UserId
from appservice.matrix.forgetting import SOME, Forgetting
from tests.crypto.world import ROOM, pair
from tests.support.memory_store import MemoryStore

KEEP = timedelta(days=7)
ROTATION = timedelta(days=7)


def room(what=RoomKind.CHAT, name=ROOM):
    return Room(RoomId(name), what, None, UserId("@ada:hs"), encrypted=True)


class House:
    """Ada has said something in a private chat that the keeper has read."""

    def __init__(self, clock, what=RoomKind.CHAT):
        self.ada, self.keeper = pair()
        self.ada.now = self.keeper.now = milliseconds(clock.now())
        self.event = self.ada.say("hello", [self.keeper.user])
        self.keeper.hear(self.event)
        self.store = MemoryStore()
        self.store.keys = self.keeper.records
        self.know(room(what))
        self.told = []
        self.forgetting = Forgetting(self.store, clock, KEEP)
        self.forgetting.on_forget = lambda *what: self.told.append(what)

    def know(self, *rooms):
        self.store.records.update({(Room, each.key): each for each in rooms})

    def readable(self):
        try:
            self.keeper.read(self.event)
        except MissingKey:
            return False
        return True


async def test_a_key_goes_when_it_was_kept_for_its_time_after_its_last_use(clock):
    house = House(clock)
    clock.advance(days=KEEP.days + ROTATION.days)
    assert await house.forgetting.forget() == 0
    assert house.readable()
    clock.advance(seconds=1)
    assert await house.forgetting.forget() == 1
    assert not house.readable()
    assert not [key for key in house.keeper.records if key[0] in ("inbound", "read", "sessions")]
    assert house.told == [(ROOM, [house.event["content"]["session_id"]])]
    assert await house.forgetting.forget() == 0


@pytest.mark.parametrize("what", [RoomKind.FACILITATORS, RoomKind.NOTICEBOARD])
async def test_rooms_of_a_group_keep_theirs(clock, what):
    house = House(clock, what)
    clock.advance(days=365)
    assert await house.forgetting.forget() == 0
    assert house.readable()


async def test_a_new_key_stays_when_an_old_one_goes(clock):
    house = House(clock)
    clock.advance(days=KEEP.days + ROTATION.days, seconds=1)
    house.ada.now = house.keeper.now = milliseconds(clock.now())
    rotation = crypto.Rotation(messages=1)
    newer = house.ada.say("and again", [house.keeper.user], rotation=rotation)
    house.keeper.hear(newer)
    assert await house.forgetting.forget() == 1
    assert not house.readable()
    assert house.keeper.read(newer).content["body"] == "and again"


async def test_many_chats_are_looked_at_in_portions(clock):
    house = House(clock)
    house.know(*(room(name=f"!other-{number}") for number in range(SOME)))
    clock.advance(days=365)
    assert await house.forgetting.forget() == 1
