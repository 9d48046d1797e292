"""A flag is not lost, not doubled, and not promised too early: by kill -9 and by a full disk."""

import random
import struct
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appservice.domain.cases.case import Stage
from tests.crash import care
from tests.crash.outcome import repetitions, unreadable
from tests.crash.story import PATIENCE, World
from tests.support.forked import HandClock
from tests.support.http_receiver import HttpReceiver
from tests.support.living import Living
from tests.support.stub_homeserver import StubHomeserver
from tests.support.touches import Point, Touches

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEED, MORE = 20261127, 1
CALM = 2  # tellings without a death
SPARED = 2  # a telling may do without a touch
LEAST = 100  # touches of one telling; one of fewer would not be this one
IN_TIME = 2.0  # seconds for `help`
FRAME, PAGES_AT, ROOM = 4096 + 24, 16, 65_536  # of SQLite's log; what the journal has at least


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, where there is one: thousands of commits wait for no disk."""
    with tempfile.TemporaryDirectory(prefix="circlekeeper-care-", dir=MEMORY) as made:
        yield Path(made)


@pytest.fixture
async def outside() -> AsyncIterator[HttpReceiver]:
    """A server of ntfy that refuses every page."""
    receiver = HttpReceiver()
    receiver.answers(403)
    async with receiver.running():
        yield receiver


@pytest.fixture
async def world(folder: Path, outside: HttpReceiver) -> AsyncIterator[World]:
    """A small group with two facilitators and a member, and an add-on that can be killed."""
    clock = HandClock(folder / "clock", BEGIN)
    async with StubHomeserver(clock) as stub:
        (folder / "circlekeeper").mkdir()
        touches = Touches(folder / "touches")
        living = Living(stub, folder / "circlekeeper", clock, touches=touches)
        touches.rest()
        living.install(paging={"ntfy": {"server": outside.url}})
        world = World(stub, living)
        await living.start()
        try:
            await care.gather(world)
            yield world
        finally:
            for member in world.members.values():
                await member.stop()
            await living.stop()


async def test_a_flag_survives_kill_9_wherever_it_strikes(
    world: World, outside: HttpReceiver
) -> None:
    points, struck = _sampled(await _calm(world)), 0
    for point in points:
        await _dies_at(world, point)
        struck += world.living.deaths
    await _nothing_is_lost_or_doubled(world, CALM + len(points))
    _nobody_outside_was_told_more_than_a_number(outside, CALM + len(points))
    assert struck >= len(points) - SPARED


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_flag_survives_kill_9_everywhere(world: World) -> None:
    points = await _calm(world)
    for point in points:
        await _dies_at(world, point)
    await _nothing_is_lost_or_doubled(world, CALM + len(points))


async def test_a_flag_survives_a_full_disk(world: World, outside: HttpReceiver) -> None:
    for number, meanwhile in enumerate(("nothing", "kill", "journal too"), 1):
        await care.writes(world)
        await _fills_up(world, journal=meanwhile != "journal too")
        await world.walkers[care.MEMBER].say("yes")
        await _help_answers(world)
        await _nobody_knows_yet(world, number)
        journal = world.living.folder / "journal"
        kept = journal.exists() and journal.stat().st_size > 0
        assert kept == (meanwhile != "journal too")
        if meanwhile == "kill":
            await world.living.die()
            await world.living.start()
        else:
            world.living.full_disk(None)
        receipt = await world.walkers[care.MEMBER].hear("flag_receipt", timeout=PATIENCE)
        assert care.number_in(receipt) == number
        await care.takes(world, number)
        await care.closes(world, number)
    await _nothing_is_lost_or_doubled(world, number)
    _nobody_outside_was_told_more_than_a_number(outside, number)


# -- kill -9


async def _calm(world: World) -> list[Point]:
    """Tell it twice without a death; every touch of the second time is a place to die at."""
    await _tell(world)
    world.living.touches.arm()
    await _tell(world)
    points = world.living.touches.points()
    assert len(points) >= LEAST
    return points


def _sampled(points: list[Point]) -> list[Point]:
    """Draw one of each kind of touch, and some more."""
    drawn = random.Random(SEED)
    kinds = sorted({point.label for point in points})
    each = [drawn.choice([one for one in points if one.label == kind]) for kind in kinds]
    return each + drawn.sample(points, MORE)


async def _tell(world: World) -> None:
    await care.writes(world)
    number = await care.sends(world)
    await care.takes(world, number)
    await care.closes(world, number)
    await world.living.at_rest()


async def _dies_at(world: World, point: Point) -> None:
    """Tell it with a death at this touch, after which the add-on is started again."""
    living = world.living
    await living.die()
    touches = living.touches = Touches(living.touches.path, point)
    touches.rest()
    await living.start()
    await living.at_rest()
    living.restarts, living.deaths = True, 0
    touches.arm()
    await _tell(world)


# -- a full disk


async def _fills_up(world: World, *, journal: bool) -> None:
    """Let nothing more be written: not even into the journal, if so."""
    log = world.living.folder / "circlekeeper.db-shm"
    while journal and _used(log) < ROOM:
        await world.walkers[care.MEMBER].ask("rules", timeout=PATIENCE)
    await world.living.at_rest()
    world.living.full_disk(_used(log) if journal else 0)


def _used(index: Path) -> int:
    """Return how many bytes of SQLite's log are used, by its index (sqlite.org/walformat)."""
    (frames,) = struct.unpack_from("=I", index.read_bytes(), PAGES_AT)
    return 32 + frames * FRAME


async def _help_answers(world: World) -> None:
    begun = time.monotonic()
    await world.walkers[care.MEMBER].ask("help", "help", timeout=PATIENCE)
    assert time.monotonic() - begun < IN_TIME


async def _nobody_knows_yet(world: World, number: int) -> None:
    """Nothing is kept, so nothing is promised, and nobody is woken for nothing."""
    assert len(await care.cases(world)) == number - 1
    for name in care.TEAM:
        alerts = care.said_by_keeper(world.members[name], "case_new")
        assert len(alerts) == number - 1
    receipts = care.said_by_keeper(world.members[care.MEMBER], "flag_receipt")
    assert len(receipts) == number - 1


# -- what is left


async def _nothing_is_lost_or_doubled(world: World, told: int) -> None:
    for walker in world.walkers.values():
        await walker.hear_nothing_more()
    cases = await care.cases(world)
    assert [case.number for case in cases] == list(range(1, told + 1))
    assert {case.stage for case in cases} == {Stage.CLOSED}
    assert all("0 duty" in case.missed for case in cases)  # the page that was refused
    receipts = care.said_by_keeper(world.members[care.MEMBER], "flag_receipt")
    assert [care.number_in(line) for line in receipts] == list(range(1, told + 1))
    for name in care.TEAM:
        alerts = care.said_by_keeper(world.members[name], "case_new")
        counted = Counter(line.keeper["case"] for line in alerts)
        assert counted == {case.name: 1 for case in cases}
    assert not repetitions(world.members)
    assert not unreadable(world.members)
    assert not care.canary_in(world.living.folder)


def _nobody_outside_was_told_more_than_a_number(outside: HttpReceiver, told: int) -> None:
    heard = b"".join(outside.heard).decode()
    assert all(f"C-{number}" in heard for number in range(1, told + 1))
    assert "canary" not in heard
    assert "WILLOW" not in heard
