"""Keys are deleted in time, and those still in use are not."""

from datetime import timedelta

import pytest

from appservice import crypto
from appservice.clock import milliseconds
from appservice.crypto import MissingKey
from appservice.domain.records import Room
from appservice.domain.types import RoomId, RoomKind, UserId
from appservice.matrix.forgetting import Forgetting
from appservice.matrix.lifeline import HelpLine
from tests.crypto.world import ROOM, pair
from tests.support.memory_store import MemoryStore

KEEP = timedelta(days=7)
ROTATION = timedelta(days=7)


class House:
    """Ada has said something that the keeper has read."""

    def __init__(self, clock, rotation=ROTATION):
        self.clock = clock
        self.ada, self.keeper = pair()
        self.store, self.told = MemoryStore(), []
        self.store.keys = self.keeper.records
        ms = rotation // timedelta(milliseconds=1)
        chat = Room(
            RoomId(ROOM), RoomKind.CHAT, None, UserId("@ada:hs"), encrypted=True, rotation_ms=ms
        )
        self.store.records[Room, chat.key] = chat
        self.forgetting = Forgetting(self.store, clock, KEEP, self.told.extend)
        self.event = self.say("hello")

    def say(self, words):
        """In a session of its own."""
        self.ada.now = self.keeper.now = milliseconds(self.clock.now())
        rotation = crypto.Rotation(messages=1)
        event = self.ada.say(words, [self.keeper.user], rotation=rotation)
        self.keeper.hear(event)
        return event

    def readable(self, event):
        try:
            self.keeper.read(event)
        except MissingKey:
            return False
        return True


@pytest.mark.parametrize("rotation", [ROTATION, timedelta(days=30)])
async def test_a_key_goes_when_it_was_kept_for_its_time_after_its_last_use(clock, rotation):
    house = House(clock, rotation)
    clock.advance(days=KEEP.days + rotation.days)
    assert await house.forgetting.forget() == 0
    assert house.readable(house.event)
    clock.advance(days=1)
    assert await house.forgetting.forget() == 1
    assert not house.readable(house.event)
    assert not [key for key in house.keeper.records if key[0] in ("inbound", "read", "came")]
    assert house.told == [(ROOM, house.event["content"]["session_id"])]
    assert await house.forgetting.forget() == 0


async def test_no_room_keeps_the_keys_of_all_others(clock):
    house = House(clock)
    eternal = Room(
        RoomId("!mal:hs"),
        RoomKind.CHAT,
        None,
        UserId("@mal:hs"),
        encrypted=True,
        rotation_ms=2**53,
    )
    house.store.records[Room, eternal.key] = eternal
    clock.advance(days=KEEP.days + 31)
    assert await house.forgetting.forget() == 1


async def test_a_new_key_stays_when_an_old_one_goes(clock):
    house = House(clock)
    clock.advance(days=KEEP.days + ROTATION.days + 1)
    newer = house.say("and again")
    assert await house.forgetting.forget() == 1
    assert (house.readable(house.event), house.readable(newer)) == (False, True)


async def test_nights_that_were_missed_are_made_up_for(clock):
    house = House(clock)
    await house.forgetting.forget()
    clock.advance(days=3)
    newer = house.say("and again")
    clock.advance(days=60)
    assert await house.forgetting.forget() == 2
    assert (house.readable(house.event), house.readable(newer)) == (False, False)


async def test_the_help_line_forgets_too(clock):
    house = House(clock)
    line = HelpLine(None, None, clock, None)
    forgetting = Forgetting(house.store, clock, KEEP, line.forget_sessions)
    read = house.keeper.read(house.event)
    line.remember_session(ROOM, (b"record",), read)
    assert line._sessions
    clock.advance(days=60)
    await forgetting.forget()
    assert not line._sessions
