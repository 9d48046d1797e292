"""What happens by the clock, asked tick by tick."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from appservice.domain.effects import EnterChat
from appservice.domain.events import ApplicationExpired, StewardInspected
from appservice.domain.group import Group
from appservice.domain.state import House
from appservice.domain.types import EffectId, GroupId, RoomId, RoomKind, UserId
from appservice.errors import TransientError
from appservice.matrix.answers import HomeserverError
from appservice.ports import Posting
from appservice.service.load import Known
from appservice.texts import load
from appservice.worker import clockwork as clockwork_module
from appservice.worker.clockwork import DUE_SECONDS, Clockwork
from tests.support.story import example

CLEAN = StewardInspected((), "key", "key")


@dataclass
class Pace:
    steward_watch_seconds: float = 20
    key_fetch_seconds: float = 30
    reconcile_seconds: float = 600


class Homeserver:
    def __init__(self) -> None:
        self.out = False
        self.pings = 0
        self.seen = CLEAN

    async def fetch_keys(self) -> int:
        if self.out:
            raise TransientError("out")
        return 0

    async def ping(self) -> None:
        if self.out:
            raise TransientError("out")
        self.pings += 1

    async def inspect_steward(self) -> StewardInspected:
        return self.seen


class Intake:
    journaling = False

    async def catch_up(self) -> None:
        self.journaling = False


@pytest.fixture
def homeserver() -> Homeserver:
    return Homeserver()


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def clockwork(store, homeserver, intake, clock) -> Clockwork:
    house = House(UserId("@keeper:hs"), UserId("@steward:hs"), None, "en", None, {})
    known = Known(house, load())
    return Clockwork(store, homeserver, homeserver, intake, clock, known, Pace())


async def inbox(store, clock) -> list[object]:
    async with store.begin() as work:
        return [arrival.body for arrival in await work.arrivals(clock.now(), 10)]


async def test_a_timer_becomes_an_event_when_it_is_due_and_not_before(
    clockwork, store, clock
) -> None:
    event = ApplicationExpired(UserId("@ada:hs"), GroupId("g"))
    async with store.begin() as work:
        await work.wake("application", clock.now() + timedelta(days=7), event)
    await clockwork.timers()
    assert await inbox(store, clock) == []
    clock.advance(days=7)
    await clockwork.timers()
    await clockwork.timers()
    assert await inbox(store, clock) == [event]


async def test_a_timer_that_is_due_before_the_next_tick_goes_off_when_it_is_due(
    clockwork, store, clock, monkeypatch
) -> None:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.advance(seconds=seconds)

    slept: list[float] = []
    monkeypatch.setattr(asyncio, "sleep", sleep)
    event = ApplicationExpired(UserId("@ada:hs"), GroupId("g"))
    async with store.begin() as work:
        for name, wait in (("soon", 0.1), ("later", 0.2), ("next tick", DUE_SECONDS + 0.3)):
            await work.wake(name, clock.now() + timedelta(seconds=wait), event)
    await clockwork.timers()
    condition = await store.condition()
    assert (condition.open_arrivals, condition.timers) == (2, 1)
    assert slept == [pytest.approx(0.1), pytest.approx(0.1)]


async def test_after_an_outage_the_homeserver_is_asked_to_deliver(clockwork, homeserver) -> None:
    homeserver.out = True
    with pytest.raises(TransientError):
        await clockwork.keys()
    with pytest.raises(TransientError):
        await clockwork.outage()
    homeserver.out = False
    await clockwork.outage()
    await clockwork.outage()
    assert homeserver.pings == 1


async def test_what_was_postponed_in_an_outage_comes_when_it_is_over(
    clockwork, homeserver, store, clock
) -> None:
    async with store.begin() as work:
        await work.post(Posting(EffectId("e"), "lane", EnterChat(RoomId("!a")), clock.now()))
    async with store.begin() as work:
        (posting,) = await work.postings(clock.now(), 9)
        await work.postpone_posting(posting.row, clock.now() + timedelta(seconds=300))

    async def waits() -> bool:
        async with store.begin() as work:
            return not await work.postings(clock.now(), 9)

    told: list[bool] = []
    clockwork.on_return = lambda: told.append(True)
    clockwork.note_outage()  # one request that failed: the homeserver is there
    await clockwork.outage()
    assert (await waits(), told) == (True, [])
    homeserver.out = True
    clockwork.note_outage()
    with pytest.raises(TransientError):
        await clockwork.outage()
    assert await waits()
    homeserver.out = False
    await clockwork.outage()
    assert (await waits(), told) == (False, [True])


async def test_after_an_outage_of_the_database_too(clockwork, homeserver, intake) -> None:
    await clockwork.journal()
    assert homeserver.pings == 0
    intake.journaling = True
    await clockwork.journal()
    assert homeserver.pings == 1


@pytest.mark.parametrize(
    "marked",
    [
        replace(CLEAN, devices=("SPY",)),
        replace(CLEAN, master_key="another"),
        replace(CLEAN, master_key=None),
    ],
)
async def test_a_mark_on_the_steward_is_written_down_once(
    clockwork, homeserver, store, clock, marked
) -> None:
    await clockwork.steward()
    assert await inbox(store, clock) == []
    homeserver.seen = marked
    await clockwork.steward()
    await clockwork.steward()
    assert await inbox(store, clock) == [marked]


async def test_a_room_that_the_homeserver_cannot_show_keeps_no_other_from_being_looked_at(
    clockwork, homeserver, store, clock
) -> None:
    async with store.begin() as work:
        for id_ in ("a", "b", "c"):
            rooms = {RoomKind.CIRCLE: RoomId(f"!{id_}")}
            await work.put(Group(GroupId(id_), "open", example(), clock.now(), rooms))
    looked, ended = [], []

    async def inspect_group(group: Group) -> tuple[object, ...]:
        looked.append(group.id)
        if group.id == "a":
            raise HomeserverError("the homeserver is not able (status 500)")
        return ()

    async def all_looked() -> None:
        ended.append(True)

    homeserver.inspect_group = inspect_group
    clockwork.all_looked = all_looked
    for _ in range(2):
        with pytest.raises(TransientError):
            await clockwork.rooms()
    assert looked == ["a", "b", "c"] * 2
    assert not ended  # a restore is not over before every room was seen


@pytest.mark.parametrize(("busy_for", "asked"), [(0, 1), (3, 4), (1_000, 10)])
async def test_the_look_at_all_rooms_gives_way_to_work_but_not_for_ever(
    clockwork, homeserver, store, clock, monkeypatch, busy_for, asked
) -> None:
    async with store.begin() as work:
        rooms = {RoomKind.CIRCLE: RoomId("!circle")}
        await work.put(Group(GroupId("a"), "open", example(), clock.now(), rooms))
    looks: list[int] = []

    def busy() -> bool:
        looks.append(len(looks))
        return len(looks) <= busy_for

    async def inspect_group(_: Group) -> tuple[object, ...]:
        raise TransientError("out")  # it was asked

    homeserver.inspect_group = inspect_group
    clockwork.busy = busy
    monkeypatch.setattr(clockwork_module, "WAY_SECONDS", 0)
    with pytest.raises(TransientError):
        await clockwork.rooms()
    assert len(looks) == asked
