"""Pages: held, tried again, let go when they are of no use; and what fails is an alert."""

import asyncio
import itertools
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.cases.case import About, Case, Result, Stage, Track
from appservice.domain.effects import Page, SendPageCode, TellOperator
from appservice.domain.events import PageCodeSent, PageFailed
from appservice.domain.person import Person
from appservice.domain.types import CauseId, EffectId, GroupId, RoomId, effect_id
from appservice.errors import PermanentError, TransientError
from appservice.ports import Alert, Performed, Posting
from appservice.service import holding, paging
from appservice.service.lanes import lane_of_effect
from appservice.service.outside import Outside
from tests.support.memory_store import MemoryStore, MemoryWork
from tests.support.story import ADA, START, house, replace, words

GROUP = GroupId("group")
MAIL = "ada@example.org"
CASE = Case(GROUP, 12, Track.CARE, About.OTHER, START, START, None)
PAGE = Page(ADA, "email", MAIL, GROUP, 12, "rung 1", "en")
OPS = (("email", "ops@example.org"), ("email", "ops@elsewhere.example"))
FAILED = PageFailed(GROUP, 12, ADA, "rung 1")


ours = cache(house)
OPERATOR = Page("@ops:example.org", "operator", "", GROUP, 12, "last rung", "en")


class World:
    """A clock, and a pager that only remembers."""

    way = "email"

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.time = START
        self.sent: list[Alert] = []
        self.fault: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.paging = paging.Paging([self], self.store, self, words(), ours(), OPS)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()

    async def page(self, alert: Alert) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        self.sent.append(alert)

    async def check(self) -> None: ...

    async def put(self, *records: object) -> None:
        async with self.store.begin() as work:
            for record in records:
                await work.put(record)

    async def does(self, page: Page = PAGE, name: str = "id") -> Performed:
        return await self.paging.page(Posting(EffectId(name), "lane", page, START), page)

    @property
    def climbed(self) -> list[object]:
        return [arrival.body for arrival in self.store.inbox]

    @property
    def told(self) -> list[TellOperator]:
        return [posting.effect for posting in self.store.posted.values()]


@pytest.fixture
async def world() -> World:
    made = World()
    await made.put(CASE, Person(ADA, pages=(("email", MAIL),)))
    return made


async def test_somebody_is_asked_to_look(world):
    assert await world.does() == Performed()
    (alert,) = world.sent
    assert (alert.id, alert.address, alert.case, alert.drill) == ("id", MAIL, "C-12", False)
    assert alert.lines == (
        "Circlekeeper: a case is waiting, C-12.",
        "Open your chat with @keeper:example.org.",
    )
    assert MAIL not in repr(alert)


async def test_a_first_failure_climbs_at_once_and_later_ones_do_not_again(world):
    world.fault = TransientError("the mail server: SMTPConnectError")
    for _ in range(3):
        with pytest.raises(TransientError):
            await world.does()
    assert len({arrival.id for arrival in world.store.inbox}) == 1
    assert world.climbed[0] == FAILED
    world.fault = None
    await world.does()
    assert len(world.sent) == 1, "what could not be said is said once it can"


@pytest.mark.parametrize("fault", [PermanentError("no", "550"), ValueError("canary"), KeyError(1)])
async def test_what_cannot_go_climbs_and_is_over(world, fault):
    world.fault = fault
    assert await world.does() == Performed()
    assert world.climbed == [FAILED]
    assert "canary" not in repr(world.told)


async def test_who_hangs_is_let_go(world, monkeypatch):
    monkeypatch.setattr(paging, "LONGEST", 0.01)
    world.gate = asyncio.Event()
    with pytest.raises(TransientError):
        await world.does()
    assert world.climbed == [FAILED]


async def test_a_way_that_is_gone_climbs(world):
    await world.put(Person(ADA, pages=(("ntfy", "topic"),)))
    page = replace(PAGE, way="ntfy", address="topic")
    assert await world.does(page) == Performed()
    assert world.climbed == [FAILED]


async def test_pages_to_one_address_are_held_and_never_lost(world):
    await world.does()
    for name in ("second", "third"):
        with pytest.raises(TransientError) as held:
            await world.does(name=name)
        assert held.value.retry_after == 30
    assert world.climbed == [], "to wait is no failure"
    await world.put(Person(ADA, pages=(("email", MAIL), ("email", "other@example.org"))))
    await world.does(replace(PAGE, address="other@example.org"), "other")
    world.time += timedelta(seconds=31)
    await world.does(name="second")
    with pytest.raises(TransientError):
        await world.does(name="third")
    world.time += timedelta(seconds=31)
    await world.does(name="third")
    assert [alert.id for alert in world.sent] == ["id", "other", "second", "third"]


async def test_what_failed_is_not_held(world):
    world.fault = TransientError("away")
    with pytest.raises(TransientError):
        await world.does()
    world.fault = None
    await world.does(name="second")
    assert [alert.id for alert in world.sent] == ["second"]


async def test_who_waits_for_one_that_fails_waits_for_its_end_only(world):
    """The rung above must not wait for half a minute since an older page was tried just then."""
    world.gate = asyncio.Event()
    older = asyncio.create_task(world.does())
    while not world.paging._turns.under_way:
        await asyncio.sleep(0)
    with pytest.raises(holding.HeldError) as held:
        await world.does(replace(PAGE, step="rung 2"), "newer")
    assert held.value.retry_after == 1
    world.fault = TransientError("away")
    world.gate.set()
    with pytest.raises(TransientError):
        await older
    world.time += timedelta(seconds=1)
    with pytest.raises(TransientError):
        await world.does(replace(PAGE, step="rung 2"), "newer")
    assert world.climbed == [FAILED, replace(FAILED, step="rung 2")]


async def test_half_a_minute_counts_from_the_end_of_one_that_was_slow(world):
    world.gate = asyncio.Event()
    slow = asyncio.create_task(world.does())
    while not world.paging._turns.under_way:
        await asyncio.sleep(0)
    world.time += timedelta(seconds=25)
    world.gate.set()
    await slow
    with pytest.raises(holding.HeldError) as held:
        await world.does(name="second")
    assert held.value.retry_after == 30


async def test_slow_pages_leave_hands_for_the_rest(world):
    world.gate = asyncio.Event()
    pages = [replace(PAGE, address=f"a{n}@example.org") for n in range(holding.AT_ONCE + 1)]
    await world.put(Person(ADA, pages=tuple(("email", page.address) for page in pages)))
    tasks = [asyncio.create_task(world.does(p, p.address)) for p in pages[:-1]]
    while world.paging._turns.under_way < holding.AT_ONCE:
        await asyncio.sleep(0)
    with pytest.raises(TransientError):
        await world.does(pages[-1], "last")
    assert world.climbed == []
    world.gate.set()
    await asyncio.gather(*tasks)
    await world.does(pages[-1], "last")
    assert len(world.sent) == len(pages)


def test_no_page_waits_for_another_that_does_not_go():
    pages = [PAGE, replace(PAGE, number=13), replace(PAGE, step="rung 2"), replace(PAGE, way="x")]
    assert len({lane_of_effect(page) for page in pages}) == len(pages)


async def test_nobody_is_woken_for_a_case_that_is_over(world):
    await world.put(replace(CASE, closed=START, result=Result.NO_CONCERN, stage=Stage.CLOSED))
    assert await world.does() == Performed()
    assert await world.does(replace(PAGE, number=99)) == Performed()
    assert world.sent == []
    assert world.climbed == []


async def test_nobody_is_woken_late_for_a_case_that_somebody_has(world):
    await world.put(replace(CASE, stage=Stage.CLAIMED, owner=ADA))
    await world.does()
    assert len(world.sent) == 1, "at first the ladder knows better"
    world.time += timedelta(minutes=11)
    await world.does(name="late")
    assert len(world.sent) == 1
    await world.put(CASE)
    await world.does(name="late")
    assert len(world.sent) == 2


async def test_who_does_not_wish_it_any_more_is_not_reached_and_that_climbs(world):
    for pages in ((), (("email", "other@example.org"),), (("ntfy", MAIL),)):
        await world.put(Person(ADA, pages=pages))
        assert (await world.does()).happened == (FAILED,)
    forgotten = replace(PAGE, user="@gone:example.org")
    assert (await world.does(forgotten)).happened == (replace(FAILED, user=forgotten.user),)
    assert world.sent == []


async def test_the_operator_is_reached_at_each_of_their_own_addresses(world):
    await world.does(OPERATOR)
    assert [(alert.id, alert.address) for alert in world.sent] == [("id", a) for _, a in OPS]


async def test_the_operator_is_reached_if_one_of_their_addresses_is(world, monkeypatch):
    failing = {"ops@example.org": TransientError("away")}

    async def page(alert):
        if alert.address in failing:
            raise failing[alert.address]
        world.sent.append(alert)

    monkeypatch.setattr(world, "page", page)
    assert await world.does(OPERATOR) == Performed()
    assert (len(world.sent), world.climbed, len(world.told)) == (1, [], 1)
    failing["ops@elsewhere.example"] = PermanentError("no")
    world.time += timedelta(seconds=31)
    with pytest.raises(TransientError):
        await world.does(OPERATOR)
    assert world.climbed == [replace(FAILED, user="@ops:example.org", step="last rung")]
    failing["ops@example.org"] = PermanentError("no")
    assert await world.does(OPERATOR) == Performed()


async def test_an_operator_without_an_address_is_not_reached(world):
    world.paging = paging.Paging([world], world.store, world, words(), ours())
    failed = replace(FAILED, user="@ops:example.org", step="last rung")
    assert (await world.does(OPERATOR)).happened == (failed,)


async def test_a_drill_needs_no_case(world):
    await world.does(replace(PAGE, number=0, drill=True))
    (alert,) = world.sent
    assert (alert.case, alert.drill) == ("", True)
    assert alert.lines[0] == "Circlekeeper: this is a drill, no case is waiting."


async def test_the_operator_is_told_once_an_hour_without_an_address(world):
    world.fault = PermanentError("the mail server: SMTPRecipientRefused 550", "550")
    for minutes in (0, 20, 20, 19):
        world.time += timedelta(minutes=minutes)
        await world.does(name=f"at {world.time}")
    (tell,) = world.told
    assert tell.facts == {"way": "email", "why": "the mail server: SMTPRecipientRefused 550"}
    world.time += timedelta(minutes=2)
    await world.does(name="later")
    assert len(world.told) == 2
    world.time -= timedelta(days=1)
    await world.does(name="a clock that jumped back")
    assert len(world.told) == 3
    assert MAIL not in repr(world.told)


async def test_those_that_fail_at_once_are_told_as_one(world, monkeypatch):
    read = MemoryWork.fact

    async def slow(work, name):
        found = await read(work, name)
        await asyncio.sleep(0)  # others come meanwhile
        return found

    ticks = itertools.count()
    monkeypatch.setattr(MemoryWork, "fact", slow)
    monkeypatch.setattr(world, "now", lambda: START + timedelta(milliseconds=next(ticks)))
    world.fault = PermanentError("no")
    pages = [replace(PAGE, address=f"a{n}@example.org") for n in range(3)]
    await world.put(Person(ADA, pages=tuple(("email", page.address) for page in pages)))
    await asyncio.gather(*(world.does(page, page.address) for page in pages))
    assert len(world.climbed) == 3
    assert len(world.told) == 1


async def test_a_code_that_does_not_go_is_told_and_not_tried_again(world):
    send = SendPageCode(RoomId("!r"), ADA, "email", MAIL, "de")
    posting = Posting(EffectId("id"), "lane", send, START)
    for fault in (TransientError("away"), PermanentError("no")):
        world.fault = fault
        (sent,) = (await world.paging.send_code(posting, send)).happened
        assert sent == PageCodeSent(RoomId("!r"), ADA, "email", MAIL, "")
    world.fault = None
    (sent,) = (await world.paging.send_code(posting, send)).happened
    assert world.sent[0].lines[0] == f"Circlekeeper: {sent.code} ist dein Code."


async def test_nothing_of_it_asks_the_homeserver(world):
    homeserver = None  # whoever asks it breaks
    outside = Outside(homeserver, world.store, world, None, None, None, world.paging)
    send = SendPageCode(RoomId("!r"), ADA, "email", MAIL, "en")
    for effect in (PAGE, send):
        posting = Posting(EffectId("id"), "lane", effect, START)
        assert len((await outside.perform(posting)).happened) == (effect is send)
        await outside.give_up(posting)
    assert len(world.sent) == 2


TRIES = st.lists(
    st.tuples(st.sampled_from(["", "later", "never", "hang"]), st.integers(0, 40)), max_size=12
)


@given(TRIES)
def test_whatever_fails_each_page_goes_once_or_climbs_once(tries):
    """Pages as the outbox tries them: none is lost, none goes twice, none comes too soon."""
    asyncio.run(_tried(tries))


async def _tried(tries: list[tuple[str, int]]) -> None:
    world, waiting, at = World(), [f"page {n}" for n in range(3)], {}
    await world.put(CASE, Person(ADA, pages=(("email", MAIL),)))
    faults = {"later": TransientError("away"), "never": PermanentError("no")}
    faults["hang"] = TimeoutError()
    over, failed = set(), set()
    for fault, seconds in [*tries, *[("", 40)] * 3]:
        world.fault = faults.get(fault)
        world.time += timedelta(seconds=seconds)
        for name in [one for one in waiting if one not in over]:
            try:
                await world.does(name=name)
                over.add(name)
            except holding.HeldError:
                continue
            except TransientError:
                failed.add(name)
            for alert in world.sent:
                at.setdefault(alert.id, world.monotonic())
    assert over == set(waiting)
    sent = [alert.id for alert in world.sent]
    assert len(sent) == len(set(sent))
    times = sorted(at.values())
    assert all(later - sooner >= holding.APART for sooner, later in itertools.pairwise(times))
    climbed = {arrival.id for arrival in world.store.inbox}
    failed |= set(waiting) - set(sent)
    assert climbed == {effect_id(CauseId(name), 0) for name in failed}
