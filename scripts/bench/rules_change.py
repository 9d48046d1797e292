"""A change of the ground rules for a thousand members in a hundred groups, beside a stub."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from appservice import main
from appservice.charter_file import read_charter
from appservice.clock import SystemClock
from appservice.config.settings import Settings
from appservice.domain.events import GroupAsked
from appservice.domain.gate.messages import hash_of
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.domain.types import CauseId, EventId, GroupId, RoomId, Size, UserId, derive
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from scripts.bench.installed import Watched
from scripts.bench.table import ROOT, Part, Row, step
from tests.support.stub_homeserver import StubHomeserver
from tests.support.stub_member import StubMember
from tests.support.walker import Walker

GROUPS, EACH = 100, 10  # members of each, two of them facilitators
LOOK_EVERY = 0.02
PATIENCE = 600.0
RULE = "!rules propose 44. Quiet hours: At night we write nothing here."
PUBLISH, AGREE = "!rules publish major", "I agree to the rules"


async def measure(folder: Path) -> Part:
    """Let a facilitator of every group publish a major change, and every member agree to it."""
    async with AsyncExitStack() as stack:
        stub: Any = await stack.enter_async_context(StubHomeserver())
        house = Watched(stub, folder / "rules-change")
        stack.push_async_callback(house.stop)
        await house.init({})
        stub.load(yaml.safe_load((house.folder / "registration.yaml").read_text()))
        await house.run()
        groups = [await _enter(stub, house, number, stack) for number in range(GROUPS)]
        await _found(house, groups)
        return await _change(stub, house, groups)


async def _enter(stub: Any, house: Watched, number: int, stack: AsyncExitStack) -> list[Walker]:
    """Let the people of a group come into their private chats."""
    if number % 10 == 0:
        step(f"rules change: {number * EACH} of {GROUPS * EACH} members")
    walkers = []
    for one in range(EACH):
        member = await StubMember.login(stub, f"member-{number}-{one}")
        stack.push_async_callback(member.stop)
        walkers.append(await Walker.meet(member, house.keeper))
    await asyncio.gather(*(walker.ask("privacy", timeout=PATIENCE) for walker in walkers))
    for walker in walkers:  # each that listens costs whenever anything happens
        await walker.member.stop()
    return walkers


async def _found(house: Watched, groups: list[list[Walker]]) -> None:
    """Found every group, and write its members' consents down as the gate would."""
    step("rules change: founding")
    clock, settings = SystemClock(), Settings.load(house.folder / "circlekeeper.yaml", {})
    charter = read_charter(ROOT / "config" / "examples" / "small.yaml")
    store = await main.open_store(settings, clock)
    try:
        for number, walkers in enumerate(groups):
            users = [UserId(walker.member.user_id) for walker in walkers]
            id_ = GroupId(derive("group", str(number)))
            own = replace(
                charter,
                name=f"Willow {'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}",
                size=Size.SMALL,
                rules=charter.rules[:1],
                facilitators=tuple(users[:2]),
            )
            asked = GroupAsked(id_, own, f"CODE-{number}", open=True, at=clock.now())
            cause = CauseId(derive("founding", id_))
            arrival = Arrival(cause, lane_of_event(asked), "event", asked, clock.now())
            async with store.begin() as work:
                await work.accept([arrival])
            version, digest = hash_of(Group(id_, "open", own, clock.now()), "en")
            async with store.begin() as work:
                for user in users:
                    await work.put(_consent(user, id_, version, digest, clock))
        await _until(partial(_all_rooms, store))
    finally:
        await store.close()


async def _all_rooms(store: Any) -> bool:
    async with store.begin() as work:
        groups = await work.all(Group)
    return len(groups) == GROUPS and all(group.rooms for group in groups)


def _consent(
    user: UserId, group: GroupId, version: str, digest: str, clock: SystemClock
) -> Consent:
    return Consent(
        user=user,
        group=group,
        given=clock.now(),
        language="en",
        rules_version=version,
        rules_hash=digest,
        rules_statement=AGREE,
        rules_event=EventId("$rules"),
        data_statement="I consent",
        data_event=EventId("$data"),
        age_confirmed=18,
        admitted=True,
    )


async def _change(stub: Any, house: Watched, groups: list[list[Walker]]) -> Part:
    step("rules change: proposing")
    facilitators, everybody = [group[0] for group in groups], list(chain.from_iterable(groups))
    for text in (RULE, "!rules why Many of us sleep badly."):
        await _said(stub, facilitators, text, facilitators)
    step("rules change: publishing in every group at once")
    others: Counter[RoomId] = Counter()  # beside the question: who publishes hears that it is out,
    for first, second, *_ in groups:  # and both facilitators that everybody is being asked
        others += Counter({first.room: 2, second.room: 1})
    publishing = _measured(stub, house, facilitators, PUBLISH, everybody, others)
    asking = asyncio.create_task(publishing)
    helped = await _slowest_help(everybody[:: EACH // 2], asking, others)
    asked = await asking  # who answers before they were asked is not heard
    step("rules change: agreeing")
    agreeing = await _measured(stub, house, everybody, AGREE, everybody)
    await _receipts(everybody)
    return _part(asked, agreeing, helped)


async def _measured(  # noqa: PLR0913
    stub: Any,
    house: Watched,
    speakers: list[Walker],
    text: str,
    hearers: list[Walker],
    others: Counter[RoomId] | None = None,
) -> tuple[float, float]:
    """Let it be said; seconds until the keeper has answered in each chat, and calls of `run`."""
    before, began = house.counters.read(), time.perf_counter()
    await _said(stub, speakers, text, hearers, others)
    return time.perf_counter() - began, (house.counters.read() - before).requests


async def _said(
    stub: Any,
    speakers: list[Walker],
    text: str,
    hearers: list[Walker],
    others: Counter[RoomId] | None = None,
) -> None:
    """Let it be said, and wait for an answer in each chat beside so many `others`."""
    others = Counter() if others is None else others
    wanted = {walker.room: _count(stub, walker) + 1 for walker in hearers}
    for walker in speakers:
        await walker.say(text)

    async def heard() -> bool:
        counts = ((walker.room, _count(stub, walker)) for walker in hearers)
        return all(count >= wanted[room] + others[room] for room, count in counts)

    await _until(heard)


def _count(stub: Any, walker: Walker) -> int:
    """How many encrypted events of the keeper stand in a chat."""
    events = stub.rooms[walker.room].events
    return sum(e.sender == walker.keeper and e.type == "m.room.encrypted" for e in events)


async def _until(done: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await done():  # noqa: ASYNC110 - by another process
            await asyncio.sleep(LOOK_EVERY)


async def _slowest_help(
    walkers: list[Walker], until: "asyncio.Task[Any]", asked: Counter[RoomId]
) -> float:
    """Let one after another ask for help while all are being asked; seconds of the slowest."""
    slowest = 0.0
    for walker in walkers:
        asked[walker.room] += 1
        async with _listening(walker):
            began = time.perf_counter()
            await walker.ask("help", "help", timeout=PATIENCE)
            slowest = max(slowest, time.perf_counter() - began)
        if until.done():
            break
    return slowest


async def _receipts(walkers: list[Walker]) -> None:
    """Make sure that each member can read a receipt."""
    for walker in walkers:
        async with _listening(walker):
            await walker.hear("receipt", timeout=PATIENCE)


@asynccontextmanager
async def _listening(walker: Walker) -> AsyncIterator[None]:
    walker.member.listen()
    try:
        yield
    finally:
        await walker.member.stop()


def _part(asking: tuple[float, float], agreeing: tuple[float, float], helped: float) -> Part:
    people = GROUPS * EACH
    rows = (
        Row(
            "everybody asked",
            f"{asking[0]:.0f} s",
            f"a facilitator of each group publishes; until the last of {people:,} was asked",
        ),
        Row(
            "homeserver calls to ask a member",
            f"{asking[1] / people:.2f}",
            "all calls of `run` meanwhile, `help` included; wanted: at most 3",
        ),
        Row(
            "slowest `help` meanwhile",
            f"{helped * 1000:.0f} ms",
            "one member after another asks for it while all are being asked",
        ),
        Row(
            "everybody agreed",
            f"{agreeing[0]:.0f} s",
            "all write the sentence at once; until the last has the receipt",
        ),
        Row(
            "homeserver calls for a receipt",
            f"{agreeing[1] / people:.2f}",
            "all calls of `run` meanwhile",
        ),
    )
    about = (
        f"A major change for {people:,} members in {GROUPS} groups, beside the homeserver of the"
        " tests. The members write in one process with it, so their own work is in the times."
    )
    return Part("A change of the ground rules", about, rows)
