"""The outbox's worker: carried out once, in order, with what follows in the same transaction."""

import asyncio

import pytest
from structlog.testing import capture_logs

from appservice.domain.effects import EnterChat, Message, OpenChat, Page, Say
from appservice.domain.events import ChatOpened, PageFailed
from appservice.domain.types import EffectId, EventId, GroupId, RoomId, Text, UserId
from appservice.errors import PermanentError, TransientError
from appservice.ports import Performed, Posting
from appservice.service.holding import HeldError
from appservice.service.outside import Outside
from appservice.service.paging import Paging
from appservice.texts.calendar import Calendars
from appservice.worker.backoff import backoff
from appservice.worker.outbox import Outbox
from tests.support.story import house, words
from tests.worker.at_work import working


class Homeserver:
    """Performs by a table: effect id -> Performed, or an error to raise."""

    def __init__(self) -> None:
        self.table: dict[str, object] = {}
        self.done: list[str] = []
        self.given_up: list[str] = []

    async def perform(self, posting: Posting) -> Performed:
        self.done.append(posting.id)
        answer = self.table.get(posting.id, Performed())
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def give_up(self, posting: Posting) -> None:
        self.given_up.append(posting.id)


@pytest.fixture
def homeserver() -> Homeserver:
    return Homeserver()


@pytest.fixture
def outbox(store, homeserver, clock) -> Outbox:
    return Outbox(store, homeserver, clock)


async def until(true, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def waiting(store, clock) -> bool:
    async with store.begin() as work:
        return bool(await work.postings(clock.now(), 10))


async def post(store, clock, *names: str, lane: str = "room !a:hs") -> None:
    async with store.begin() as work:
        for name in names:
            effect = EnterChat(RoomId("!a:hs"))
            await work.post(Posting(EffectId(name), lane, effect, clock.now()))


def parked(told: list) -> list[tuple[str, str]]:
    return [(x["effect"], x["reason"]) for x in told if x["event"] == "effect_parked"]


async def test_a_lane_keeps_its_order_and_each_is_carried_out_once(
    outbox, store, homeserver, clock
) -> None:
    await post(store, clock, "one", "two", "three")
    await post(store, clock, "one")  # the same cause again
    async with working(outbox):
        await until(lambda: len(homeserver.done) == 3)
        async with asyncio.timeout(10):
            while await waiting(store, clock):
                outbox.lanes.wake()
    assert homeserver.done == ["one", "two", "three"]


async def test_an_orderly_stop_writes_down_what_was_done(outbox, store, homeserver, clock) -> None:
    await post(store, clock, *(f"effect {n}" for n in range(20)))
    last = asyncio.Event()
    outbox.on_done = lambda posting: last.set() if posting.id == "effect 2" else None
    async with working(outbox):
        await last.wait()  # and stop before the next look could begin
    assert homeserver.done == ["effect 0", "effect 1", "effect 2"]
    async with store.begin() as work:
        assert [p.id for p in await work.postings(clock.now(), 99)] == ["effect 3"]


async def test_what_another_server_was_asked_for_is_written_down_at_once(
    outbox, store, homeserver, clock
) -> None:
    """It knows no transaction ids: a second time would be a second mail."""
    page = Page(UserId("@ada:hs"), "email", "a@b.c", GroupId("g"), 1, "0 duty", "en")
    async with store.begin() as work:
        await work.post(Posting(EffectId("page"), "away", page, clock.now()))
    told = asyncio.Event()
    outbox.on_done = lambda _: told.set()
    task = asyncio.create_task(outbox.lanes.run())  # as when killed: nothing after it
    await told.wait()
    assert not await waiting(store, clock)
    task.cancel()


async def test_what_came_of_it_is_written_down_with_its_end(
    outbox, store, homeserver, clock
) -> None:
    opened = ChatOpened(RoomId("!new:hs"), UserId("@ada:hs"))
    missed = {
        "event_id": "$said",
        "room_id": "!new:hs",
        "sender": "@ada:hs",
        "type": "m.room.message",
        "content": {},
    }
    homeserver.table = {"one": Performed(EventId("$ours"), (opened,), (missed,))}
    woken = []
    outbox.on_arrival = lambda: woken.append(True)
    async with store.begin() as work:
        effect = OpenChat(UserId("@ada:hs"))
        await work.post(Posting(EffectId("one"), "person @ada:hs", effect, clock.now()))
    async with working(outbox):
        await until(lambda: woken)
    async with store.begin() as work:
        (head,) = await work.arrivals(clock.now(), 10)
        assert head.body == opened  # before what was said there
        await work.finish(head.row)
        (second,) = await work.arrivals(clock.now(), 10)
        assert second.body == missed
        assert await work.effect_by_event(EventId("$ours")) == "one"


async def test_an_outage_is_waited_out_with_growing_patience(
    outbox, store, homeserver, clock
) -> None:
    homeserver.table = {"one": TransientError("out", retry_after=7)}
    await post(store, clock, "one", "two")
    async with working(outbox):
        await until(lambda: homeserver.done == ["one"])
        clock.advance(seconds=8)
        await until(lambda: homeserver.done == ["one", "one"])
        homeserver.table = {}
        clock.advance(seconds=8)
        await until(lambda: homeserver.done[-1] == "two")
    assert homeserver.done == ["one", "one", "one", "two"]


async def test_who_was_held_goes_as_soon_as_it_may_however_often(
    outbox, store, homeserver, clock
) -> None:
    homeserver.table = {"one": HeldError("others are under way", 1.0)}
    await post(store, clock, "one")
    async with working(outbox):
        for times in range(1, 5):
            await until(lambda times=times: len(homeserver.done) == times)
            clock.advance(seconds=1.1)


async def test_a_refusal_is_parked_and_told_once(outbox, store, homeserver, clock) -> None:
    homeserver.table = {"one": PermanentError("no", "M_FORBIDDEN"), "two": KeyError("secret")}
    await post(store, clock, "one", "two", "three")
    with capture_logs() as told:
        async with working(outbox):
            await until(lambda: "three" in homeserver.done)
    assert parked(told) == [("one", "PermanentError M_FORBIDDEN"), ("two", "KeyError")]
    assert homeserver.given_up == ["one", "two"]
    assert "secret" not in str(told)
    async with store.begin() as work:
        assert await work.retry_parked("one")
    homeserver.table = {}
    async with working(outbox):
        await until(lambda: homeserver.done.count("one") == 2)


async def test_after_three_days_somebody_has_to_look(outbox, store, homeserver, clock) -> None:
    homeserver.table = {"one": TransientError("out")}
    await post(store, clock, "one")
    clock.advance(days=3, hours=1)
    with capture_logs() as told:
        async with working(outbox):
            await until(lambda: parked(told))
    assert parked(told) == [("one", "given up after three days")]


def test_backoff_doubles_up_to_five_minutes_and_listens() -> None:
    assert [backoff(n).total_seconds() for n in (0, 1, 2, 3)] == [1, 2, 4, 8]
    assert backoff(50).total_seconds() == 300
    assert backoff(0, 12.5).total_seconds() == 12.5


async def test_an_alert_that_can_never_be_said_is_parked_and_happens_as_a_page_that_failed(
    store, homeserver, clock
) -> None:
    failed = PageFailed(GroupId("g"), 12, UserId("@ada:hs"), "0 duty")
    message = Message("case_new", (Text("alert-take", {"number": 12}),), "en")
    alert = Say(RoomId("!a:hs"), message, unheard=failed)
    homeserver.table["alert"] = PermanentError("nobody is there", "M_FORBIDDEN")
    calendars = Calendars(words(), store.hash)
    paging = Paging((), store, clock, words(), house())
    outside = Outside(homeserver, store, clock, calendars, None, None, paging)
    outbox = Outbox(store, outside, clock)
    async with store.begin() as work:
        await work.post(Posting(EffectId("alert"), "room !a:hs", alert, clock.now()))
    async with working(outbox):
        await until(lambda: homeserver.given_up == ["alert"])
        async with asyncio.timeout(10):
            while await waiting(store, clock):
                outbox.lanes.wake()
                await asyncio.sleep(0.01)
    async with store.begin() as work:
        heads = await work.arrivals(clock.now(), 10)
    assert [head.body for head in heads] == [failed]
