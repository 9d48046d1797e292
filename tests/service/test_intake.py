"""The door: written down before 200, once, and nothing of a circle."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from appservice.domain.outcome import Outcome
from appservice.domain.records import Newcomer, Room
from appservice.domain.types import GroupId, RoomId, RoomKind, UserId
from appservice.errors import StorageError
from appservice.service.awaited import Awaited
from appservice.service.intake import Intake, Rooms
from appservice.store import Journal

CHAT, CIRCLE = RoomId("!chat:hs"), RoomId("!circle:hs")
BOARD = RoomId("!board:hs")


def event(number: int, room: str = CHAT, **more: object) -> dict:
    return {
        "event_id": f"$event{number}",
        "room_id": room,
        "sender": "@ada:hs",
        "type": "m.room.encrypted",
        "content": {"ciphertext": "secret"},
        **more,
    }


@pytest.fixture
def rooms() -> Rooms:
    rooms = Rooms()
    rooms.remember([Room(CIRCLE, RoomKind.CIRCLE, GroupId("g"), None, encrypted=True)])
    rooms.remember([Room(BOARD, RoomKind.NOTICEBOARD, GroupId("g"), None, encrypted=True)])
    return rooms


@pytest.fixture
def journal(tmp_path, keys) -> Journal:
    return Journal(tmp_path / "journal", keys)


@pytest.fixture
def intake(store, journal, clock, rooms) -> Intake:
    return Intake(store, journal, clock, rooms)


async def waiting(store, clock) -> list[str]:
    """Ids that stand in the inbox, heads of their lanes first."""
    found = []
    while True:
        async with store.begin() as work:
            heads = await work.arrivals(clock.now(), 100)
            for head in heads:
                await work.finish(head.row)
        if not heads:
            return found
        found += [head.id for head in heads]


async def test_events_are_kept_in_order_and_once(intake, store, clock) -> None:
    assert await intake.accept("t1", [event(1), event(2)])
    assert await intake.accept("t2", [event(2), event(3)])  # homeservers do that
    assert await waiting(store, clock) == ["$event1", "$event2", "$event3"]
    assert await intake.accept("t1", [event(1)])
    assert await waiting(store, clock) == []


@pytest.mark.parametrize("room", [CIRCLE, BOARD])
async def test_where_nobody_listens_only_the_state_comes_in(intake, store, clock, room) -> None:
    said = event(1, room)
    joined = event(2, room, type="m.room.member", state_key="@eve:hs", content={})
    assert await intake.accept("t1", [said, joined])
    assert await waiting(store, clock) == ["$event2"]


async def test_of_an_awaited_message_only_that_it_came_is_kept(
    store, journal, clock, rooms
) -> None:
    awaited, ada, group = Awaited(), UserId("@ada:hs"), GroupId("g")
    intake = Intake(store, journal, clock, rooms, awaited)
    newcomer = Newcomer(ada, group, CIRCLE, since=clock.now())
    awaited.learn(Outcome(puts=(newcomer,)))
    of_others = event(1, CIRCLE, sender="@ben:hs")
    edited = {"ciphertext": "secret", "m.relates_to": {"rel_type": "m.replace"}}
    first = event(4, CIRCLE, origin_server_ts=7)
    events = [of_others, event(2, CIRCLE, type="m.reaction"), event(3, CIRCLE, content=edited)]
    assert await intake.accept("t1", [*events, first])
    async with store.begin() as work:
        [head] = await work.arrivals(clock.now(), 100)
        await work.finish(head.row)
    assert head.body == {**first, "content": {}}
    awaited.learn(Outcome(puts=(replace(newcomer, waiting=clock.now()),)))
    assert await intake.accept("t2", [event(5, CIRCLE)])
    assert await waiting(store, clock) == []
    awaited.remember([newcomer])
    awaited.learn(Outcome(drops=(replace(newcomer, circle=RoomId("")),)))
    assert await intake.accept("t3", [event(6, CIRCLE)])
    assert await waiting(store, clock) == []


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "text",
        [],
        {},
        {**event(7), "event_id": 7},
        {**event(7), "room_id": ""},
        {**event(7), "sender": "x" * 300},
        {**event(7), "content": "text"},
        {**event(7), "state_key": 5},
    ],
)
async def test_what_is_no_event_is_kept_for_a_person_and_stops_nothing(
    intake, store, clock, broken
) -> None:
    assert await intake.accept("t1", [broken, event(2)])
    async with store.begin() as work:
        heads = await work.arrivals(clock.now(), 10)
    kinds = {head.id if head.source == "matrix" else head.source: head.body for head in heads}
    assert set(kinds) == {"$event2", "malformed"}
    assert kinds["malformed"] == {}


class Deaf:
    """A store that cannot be written, or never answers."""

    def __init__(self, store, *, hangs: bool) -> None:
        self.store, self.hangs = store, hangs
        self.broken = True

    @asynccontextmanager
    async def begin(self):
        if self.broken and self.hangs:
            await asyncio.Event().wait()
        if self.broken:
            raise StorageError("the disk is full")
        async with self.store.begin() as work:
            yield work


@pytest.mark.parametrize("hangs", [True, False])
async def test_without_a_database_the_journal_takes_it_and_gives_it_back_once(
    store, journal, clock, rooms, *, hangs: bool
) -> None:
    deaf = Deaf(store, hangs=hangs)
    intake = Intake(deaf, journal, clock, rooms)
    told = []
    intake.on_outage = told.extend
    assert await intake.accept("t1", [event(1)])
    assert await intake.accept("t2", [event(2), event(3, CIRCLE)])
    assert intake.journaling
    assert [arrival.id for arrival in told] == ["$event1", "$event2"]
    assert b"secret" not in journal.path.read_bytes()

    deaf.broken = False
    await intake.catch_up()
    assert not intake.journaling
    assert await waiting(store, clock) == ["$event1", "$event2"]
    await intake.catch_up()
    assert await waiting(store, clock) == []


async def test_a_start_after_an_outage_finds_the_journal(store, journal, clock, rooms) -> None:
    before = Intake(Deaf(store, hangs=False), journal, clock, rooms)
    assert await before.accept("t1", [event(1)])
    after = Intake(store, journal, clock, rooms)
    assert after.journaling
    await after.catch_up()
    assert await waiting(store, clock) == ["$event1"]


async def test_if_nothing_can_be_written_the_homeserver_is_told_so(
    store, keys, clock, rooms, tmp_path
) -> None:
    nowhere = Journal(tmp_path / "none" / "journal", keys)
    intake = Intake(Deaf(store, hangs=False), nowhere, clock, rooms)
    told = []
    intake.on_outage = told.extend
    assert not await intake.accept("t1", [event(1)])
    assert [arrival.id for arrival in told] == ["$event1"]  # help is still answered
