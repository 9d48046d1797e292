"""Thousands of groups with a reminder due in the same minute, beside a stub that is slow."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from appservice import main
from appservice.clock import SystemClock
from appservice.config.settings import Settings
from appservice.texts import load
from scripts.bench.installed import Watched
from scripts.bench.table import Part, Row, step
from tests.support.many_groups import Founded, found_many, let_all_meet, told
from tests.support.stub_homeserver import StubHomeserver

GROUPS, EACH = 2000, 4
ANSWERS_IN = 0.02  # seconds that the homeserver takes for every call
AHEAD = timedelta(seconds=20)
LOOK_EVERY = 0.1
SETTLED = 3.0  # seconds in which a second one would come
WANTED_SECONDS, WANTED_MEMORY = 60, 300
PATIENCE = 600.0


@dataclass(frozen=True)
class _Crowd:
    """All groups, their homeserver, and who is to remind them."""

    stub: Any
    house: Watched
    store: Any
    groups: list[Founded]

    def done(self, number: int) -> int:
        """Return how many groups have been told so often."""
        return sum(told(self.stub, one, self.house.keeper) >= number for one in self.groups)

    def exactly(self, number: int) -> int:
        return sum(told(self.stub, one, self.house.keeper) == number for one in self.groups)


@dataclass(frozen=True)
class _Round:
    """What it took to remind everybody once."""

    seconds: float
    processor: float
    calls: float
    memory: float
    once: int
    away: float = 0.0  # seconds from the kill until it was ready again


async def measure(folder: Path, groups: int = GROUPS) -> Part:
    """Let all be reminded: with new room keys, as every week; then killed in the middle."""
    async with AsyncExitStack() as stack:
        crowd = await _gathered(folder / "reminders", groups, stack)
        step("reminders: learning devices")
        await _reminded(crowd, 1)
        await crowd.house.stop()
        async with crowd.store.begin() as work:
            await work.forget({"outbound"})  # as a week later
        await crowd.house.run()
        step("reminders: with new room keys")
        fresh = await _reminded(crowd, 2)
        step("reminders: killed in the middle")
        killed = await _reminded(crowd, 3, killed=True)
        return _part(groups, fresh, killed)


async def _gathered(folder: Path, groups: int, stack: AsyncExitStack) -> _Crowd:
    step(f"reminders: founding {groups} groups")
    stub: Any = await stack.enter_async_context(StubHomeserver())
    house = Watched(stub, folder)
    stack.push_async_callback(house.stop)
    await house.init({})
    stub.load(yaml.safe_load((folder / "registration.yaml").read_text()))
    await house.run()
    await house.stop()
    clock, settings = SystemClock(), Settings.load(folder / "circlekeeper.yaml", {})
    store = await main.open_store(settings, clock)
    stack.push_async_callback(store.close)
    known = main.house_of(settings, clock, load())
    found = await found_many(stub, store, known, groups, EACH, clock.now())
    stub.before = lambda _: asyncio.sleep(ANSWERS_IN)
    await house.run()
    return _Crowd(stub, house, store, found)


async def _reminded(crowd: _Crowd, number: int, *, killed: bool = False) -> _Round:
    """Let one reminder of each group be due soon; count from then until the last is there."""
    house, clock = crowd.house, SystemClock()
    due = (clock.now() + AHEAD).replace(microsecond=0)
    await let_all_meet(crowd.store, [one.group.id for one in crowd.groups], number, due)
    await asyncio.sleep((due - clock.now()).total_seconds())
    began, away = time.perf_counter(), 0.0
    used, before = house.processor(), house.counters.read()
    async with asyncio.timeout(PATIENCE):
        while (done := crowd.done(number)) < len(crowd.groups):
            if killed and not away and done >= len(crowd.groups) // 2:
                killing = time.perf_counter()
                await house.kill()
                await house.run()
                away, used = time.perf_counter() - killing, 0.0
            await asyncio.sleep(LOOK_EVERY)
    seconds = time.perf_counter() - began
    processor, calls = house.processor() - used, (house.counters.read() - before).requests
    step(f"reminders: {seconds:.0f} s, {processor:.1f} s of processor")
    await asyncio.sleep(SETTLED)
    once = crowd.exactly(number)
    return _Round(seconds, processor, calls, house.memory(), once, away)


def _part(groups: int, fresh: _Round, killed: _Round) -> Part:
    memory = max(fresh.memory, killed.memory)
    rows = (
        Row(
            "all reminded",
            f"{fresh.seconds:.0f} s",
            f"from the moment when {groups:,} were due; wanted: at most {WANTED_SECONDS} s",
        ),
        Row("each exactly once", f"{fresh.once:,} of {groups:,}", "events on the noticeboards"),
        Row(
            "processor for a reminder",
            f"{fresh.processor / groups * 1000:.1f} ms",
            "user and system time of `run`, with all that it does beside",
        ),
        Row(
            "homeserver calls for a reminder",
            f"{fresh.calls / groups:.2f}",
            "the event, and its room key for four devices",
        ),
        Row(
            "all reminded, killed in the middle",
            f"{killed.seconds:.0f} s",
            f"killed when half was done, ready again after {killed.away:.0f} s of these",
        ),
        Row("each exactly once, killed", f"{killed.once:,} of {groups:,}", "as above"),
        Row("memory", f"{memory:.0f} MiB", f"resident; wanted: at most {WANTED_MEMORY} MiB"),
    )
    about = (
        f"{groups:,} groups of {EACH} with a reminder due in the same moment. The homeserver of"
        f" the tests answers each call after {ANSWERS_IN * 1000:.0f} ms, in a process of its own."
        " Every reminder begins a new Megolm session, as it does once a week."
    )
    return Part("Two thousand reminders in one minute", about, rows)
