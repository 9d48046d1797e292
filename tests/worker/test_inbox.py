"""The inbox's worker: one bad row stops nothing, a late key is waited for, a crash repeats."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from appservice.domain.events import ApplicationExpired, KeeperInvited, MessageUnreadable
from appservice.domain.state import House
from appservice.domain.types import CauseId, GroupId, RoomId, UserId
from appservice.errors import PermanentError, TransientError
from appservice.ports import Arrival, Translated
from appservice.service.load import Known
from appservice.texts import load
from appservice.worker.inbox import Inbox
from tests.worker.at_work import working

LATE = timedelta(seconds=30)


class Homeserver:
    """Translates by a table: event id -> Translated, or an error to raise."""

    def __init__(self) -> None:
        self.table: dict[str, object] = {}
        self.asked: list[str] = []
        self.renewed: list[UserId] = []
        self.out = False

    async def renew(self, user: UserId) -> None:
        self.renewed.append(user)
        if self.out:
            raise TransientError("out")

    async def translate(self, arrival: Arrival) -> Translated:
        self.asked.append(arrival.id)
        answer = self.table.get(arrival.id, Translated())
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def homeserver() -> Homeserver:
    return Homeserver()


@pytest.fixture
def inbox(store, homeserver, clock) -> Inbox:
    house = House(UserId("@keeper:hs"), UserId("@steward:hs"), None, "en", None, {})
    return Inbox(store, homeserver, clock, Known(house, load()), late_key=LATE)


def matrix(number: int, clock, lane: str = "room !a:hs") -> Arrival:
    body = {
        "event_id": f"$e{number}",
        "room_id": "!a:hs",
        "sender": "@ada:hs",
        "type": "m.room.encrypted",
        "content": {},
    }
    return Arrival(CauseId(f"$e{number}"), lane, "matrix", body, clock.now())


async def until(true, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.01)


async def keep(store, *arrivals: Arrival) -> None:
    async with store.begin() as work:
        await work.accept(arrivals)


async def posted(store, clock) -> list[str]:
    async with store.begin() as work:
        return [type(p.effect).__name__ for p in await work.postings(clock.now(), 100)]


async def parked(store) -> list[str]:
    async with store.begin() as work:
        return [row.reason for row in await work.parked()]


async def test_bad_rows_are_parked_and_the_next_one_is_handled(
    inbox, store, homeserver, clock
) -> None:
    homeserver.table = {
        "$e1": PermanentError("no", "M_WHATEVER"),
        "$e2": ValueError("what somebody said"),
        "$e3": Translated((KeeperInvited(RoomId("!a:hs"), UserId("@ada:hs")),)),
    }
    malformed = replace(matrix(4, clock), source="malformed", body={}, lane="malformed")
    await keep(store, *(matrix(n, clock) for n in (1, 2, 3)), malformed)
    async with working(inbox):
        await until(lambda: _is(posted(store, clock), ["EnterChat"]))
        await until(lambda: _count(parked(store), 3))
    reasons = await parked(store)
    assert sorted(reasons) == [
        "PermanentError M_WHATEVER",
        "PermanentError malformed",
        "ValueError",
    ]


async def test_the_homeserver_out_delays_a_lane_and_loses_nothing(
    inbox, store, homeserver, clock
) -> None:
    homeserver.table = {"$e1": TransientError("out")}
    outages = []
    inbox.on_outage = lambda: outages.append(True)
    await keep(store, matrix(1, clock), matrix(2, clock), matrix(3, clock, "room !b:hs"))
    async with working(inbox):
        await until(lambda: _has(homeserver.asked, "$e1", "$e3"))
        assert outages
        assert "$e2" not in homeserver.asked
        homeserver.table = {}
        clock.advance(seconds=5)
        await until(lambda: _has(homeserver.asked, "$e2"))


@pytest.mark.parametrize("out", [False, True])
async def test_a_late_key_is_waited_for_and_then_the_sender_is_asked(
    inbox, store, homeserver, clock, out
) -> None:
    homeserver.out = out  # when it is asked to begin anew with the sender
    homeserver.table = {"$e1": Translated(waits_for="session")}
    seen = []
    inbox.on_handled = lambda handled: seen.extend(one.event for one in handled)
    await keep(store, matrix(1, clock), matrix(2, clock))
    async with working(inbox):
        await until(lambda: _has(homeserver.asked, "$e2"))  # the lane goes on
        assert not seen
        clock.advance(seconds=4)  # looked at again, and still not here
        await until(lambda: _count(_now(homeserver.asked.count("$e1") * [1]), 2))
        assert not seen
        assert not homeserver.renewed
        clock.advance(seconds=40)
        await until(lambda: _count(_now(seen), 1))
    assert isinstance(seen[0], MessageUnreadable)
    assert homeserver.renewed == ["@ada:hs"]


async def test_a_key_that_comes_releases_the_message(inbox, store, homeserver, clock) -> None:
    homeserver.table = {"$e1": Translated(waits_for="session")}
    await keep(store, matrix(1, clock))
    async with working(inbox):
        await until(lambda: _has(homeserver.asked, "$e1"))
        homeserver.table = {
            "$e1": Translated((KeeperInvited(RoomId("!a:hs"), UserId("@ada:hs")),))
        }

        async def released() -> bool:
            async with store.begin() as work:
                return await work.release("session") > 0

        await until(released)
        inbox.lanes.wake()
        await until(lambda: _is(posted(store, clock), ["EnterChat"]))


async def test_events_of_our_own_need_no_translation(inbox, store, homeserver, clock) -> None:
    event = ApplicationExpired(UserId("@ada:hs"), GroupId("g"))
    handled = []
    inbox.on_handled = handled.extend
    await keep(store, Arrival(CauseId("timer"), "person @ada:hs", "event", event, clock.now()))
    async with working(inbox):
        await until(lambda: _count(_now(handled), 1))
    assert handled[0].event == event
    assert homeserver.asked == []


async def _now(value):
    return value


async def _is(asking, value) -> bool:
    return await asking == value


async def _count(asking, number: int) -> bool:
    return len(await asking) >= number


async def _has(seen: list[str], *wanted: str) -> bool:
    return set(wanted) <= set(seen)
