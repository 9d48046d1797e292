"""Whoever takes their consent back is out of every room within a minute, whatever was down."""

import asyncio
import time
from pathlib import Path

import pytest
from aiohttp import web

from tests.property.step import Step
from tests.property.stub_town import StubTown
from tests.property.town import ALLOWED, LOOK_EVERY, PRESENT

STEPS, MINUTES = 11, 3.75  # that the homeserver is away; the next try of ours is minutes off then


async def present(town: StubTown, name: str) -> list[str]:
    """In which rooms somebody is."""
    user = town.user(name)
    return [
        what.value
        for what, room in town.rooms.items()
        if (await town.members(room)).get(user) in PRESENT
    ]


async def gone_within(town: StubTown, name: str, seconds: float) -> None:
    begun = time.monotonic()
    while there := await present(town, name):
        assert time.monotonic() - begun < seconds, there
        await asyncio.sleep(LOOK_EVERY)


@pytest.mark.parametrize("said", ["leave", "withdraw data", "forget me"])
async def test_out_at_once(tmp_path: Path, said: str) -> None:
    async with StubTown.founded(tmp_path) as town:
        await town.do(Step("walk", "ada"))
        assert await present(town, "ada")
        walker = town._walkers["ada"]
        answer = await walker.ask(said)
        if answer.kind == "notice":
            answer = await walker.ask("yes")
        assert answer.kind in ("withdrawn", "erased")
        await gone_within(town, "ada", 10)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("said", ["leave", "forget me"])
async def test_out_within_a_minute_of_the_homeservers_return(tmp_path: Path, said: str) -> None:
    async with StubTown.founded(tmp_path) as town:
        await town.do(Step("walk", "ada"))
        walker = town._walkers["ada"]
        if said == "forget me":
            await walker.ask(said, "notice")
        # it takes the message in and hands it over, and from then on answers nothing
        town.stub.refuse = lambda _: web.Response(status=503)
        await walker.say("yes" if said == "forget me" else said)
        for _ in range(STEPS):
            await asyncio.sleep(1)
            town.living.clock.advance(minutes=MINUTES)
        assert await present(town, "ada")
        town.stub.refuse = None
        await gone_within(town, "ada", ALLOWED / 2)
        kind = "erased" if said == "forget me" else "withdrawn"
        assert await walker.hear(kind, timeout=ALLOWED)
        await town.at_rest()
