"""A homeserver that costs little: how many messages are answered, and what encryption costs."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import yaml

from scripts.bench.installed import Watched
from scripts.bench.table import Part, Row, step
from tests.support.stub_homeserver import StubHomeserver
from tests.support.stub_member import StubMember
from tests.support.walker import Walker

MEMBERS = 20
EACH = 10  # messages of each member
PATIENCE = 120.0


async def measure(folder: Path) -> Part:
    """Let twenty members write ten messages each while nothing is delivered; then deliver all."""
    async with AsyncExitStack() as stack:
        step("stub homeserver: installing")
        stub: Any = await stack.enter_async_context(StubHomeserver())
        house = Watched(stub, folder / "beside-stub")
        stack.push_async_callback(house.stop)
        await house.init({})
        stub.load(yaml.safe_load((house.folder / "registration.yaml").read_text()))
        await house.run()
        walkers = [await _enter(stub, house, number, stack) for number in range(MEMBERS)]
        step(f"stub homeserver: {MEMBERS * EACH} messages")
        return await _burst(stub, house, walkers)


async def _enter(stub: Any, house: Watched, number: int, stack: AsyncExitStack) -> Walker:
    member = await StubMember.login(stub, f"member-{number}")
    stack.push_async_callback(member.stop)
    walker = await Walker.meet(member, house.keeper)
    await walker.ask("privacy")
    return walker


async def _burst(stub: Any, house: Watched, walkers: list[Walker]) -> Part:
    stub.pusher.hold()
    for walker in walkers:
        for _ in range(EACH):
            await walker.say("privacy")
    wanted = [len(walker.lines_of_keeper()) + EACH for walker in walkers]
    before, used, began = house.counters.read(), house.processor(), time.perf_counter()
    stub.pusher.go_on()
    await asyncio.gather(*map(_answered, walkers, wanted))
    seconds = time.perf_counter() - began
    used = house.processor() - used
    counts = house.counters.read() - before
    return _part(seconds, used, counts.crypto, counts.requests)


async def _answered(walker: Walker, wanted: int) -> None:
    await walker.member.wait_until(lambda: len(walker.lines_of_keeper()) >= wanted, PATIENCE)


def _part(seconds: float, used: float, crypto: float, requests: float) -> Part:
    messages = MEMBERS * EACH
    rows = (
        Row(
            "messages answered",
            f"{messages / seconds:.0f} per s",
            f"{MEMBERS} chats, {EACH} messages waiting in each; until the last answer is read",
        ),
        Row(
            "processor for an answer",
            f"{used / messages * 1000:.1f} ms",
            "user and system time of `run`: intake, decision, database, encryption, requests",
        ),
        Row(
            "encryption's share of that",
            f"{crypto / used:.0%}",
            "calls of `appservice.crypto`; without the database below it",
        ),
        Row("homeserver calls for an answer", f"{requests / messages:.1f}", "all calls of `run`"),
    )
    about = (
        "The homeserver of the tests, which keeps all in memory, and the members in one process;"
        " Circlekeeper with SQLite in another. So this is more about Circlekeeper's own work."
    )
    return Part("Beside a stub homeserver", about, rows)
