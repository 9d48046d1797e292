"""`group close` up to the inbox: which group, by when, and what keeps it from closing at once."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import typer

from appservice.charter_file import read_charter
from appservice.cli.database import opened
from appservice.cli.group_close import _span, close_group
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.decide import decide
from appservice.domain.events import CloseAsked
from appservice.domain.group import Group
from appservice.domain.records import Care
from appservice.domain.state import State
from appservice.domain.types import CauseId, GroupId, UserId
from appservice.errors import CirclekeeperError
from tests.cli.conftest import HERE
from tests.support.agreed import agreed
from tests.support.story import house, words

CLOCK = SystemClock()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ADA = UserId("@ada:circle.test")
WILLOW = Group(
    GroupId("w" * 26), "open", read_charter(HERE / "config" / "examples" / "small.yaml"), NOW
)


@pytest.fixture
async def settings(command, config):
    await asyncio.to_thread(command, "migrate", "--config", str(config))
    loaded = Settings.load(config, {})
    async with opened(loaded) as store, store.begin() as work:
        await work.put(WILLOW)
        await work.put(agreed(ADA, WILLOW.id, NOW))
    return loaded


async def decides(store):
    """Stand in for `run`: decide what the command line asks for."""
    while True:
        async with store.begin() as work:
            for arrival in await work.arrivals(CLOCK.now(), 10):
                asked = arrival.body
                assert isinstance(asked, CloseAsked)
                group = await work.get(Group, asked.group)
                state = State(house(), words(), groups={asked.group: group}, rhythm=())
                for record in decide(state, asked, CauseId("x"), CLOCK.now()).puts:
                    await work.put(record)
                await work.finish(arrival.row)
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(settings):
    async with opened(settings) as store:
        task = asyncio.create_task(decides(store))
        yield store
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_it_begins_to_close_by_the_day(settings):
    async with running(settings) as store:
        closing = await close_group(store, CLOCK, "BIRCH", timedelta(days=14), 20)
    assert closing.stage == "closing"
    assert closing.closing.by is None
    assert timedelta(days=13) < closing.closing.on - CLOCK.now() < timedelta(days=14)


async def test_at_once_it_is_closed_when_it_returns(settings):
    async with running(settings) as store:
        closed = await close_group(store, CLOCK, WILLOW.id, timedelta(0), 20)
    assert (closed.stage, closed.rooms) == ("closed", {})


async def test_it_does_not_close_over_a_care_case(settings):
    async with opened(settings) as store:
        async with store.begin() as work:
            await work.put(Care(ADA, NOW))
        with pytest.raises(CirclekeeperError, match="that comes first"):
            await close_group(store, CLOCK, "Birch", timedelta(0), 0)


async def test_what_cannot_close_is_told(settings):
    async with opened(settings) as store:
        with pytest.raises(CirclekeeperError, match="no group of that name"):
            await close_group(store, CLOCK, "Oak", timedelta(0), 0)
        with pytest.raises(CirclekeeperError, match="not running"):
            await close_group(store, CLOCK, "Birch", timedelta(days=14), 0)
        async with store.begin() as work:
            await work.put(replace(WILLOW, stage="closed"))
        with pytest.raises(CirclekeeperError, match="no group of that name"):
            await close_group(store, CLOCK, "Birch", timedelta(0), 0)


@pytest.mark.parametrize("written", ["soon", "2w", "6d", "181d", "-7d"])
def test_a_goodbye_has_at_least_a_week(written):
    with pytest.raises(typer.BadParameter):
        _span(written)
    assert _span("7d") == timedelta(days=7)


def test_its_question_is_no_part_of_what_it_prints(process, config):
    arguments = ("group", "close", "BIRCH", "--now", "--json", "--config", str(config))
    answer = process(*arguments, input="n\n")
    assert (answer.code, answer.out) == (1, "")
    assert "erase what is known" in answer.err
