"""Two hundred groups with a reminder due in the same minute, killed in the middle: each once.

`make bench` does the same with two thousand, and measures it.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest_asyncio

from appservice import main
from appservice.config.settings import Settings
from appservice.store import Store
from appservice.texts import load
from tests.support.forked import HandClock
from tests.support.living import Living
from tests.support.many_groups import Founded, found_many, let_all_meet, told
from tests.support.stub_homeserver import StubHomeserver

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GROUPS, EACH = 200, 2
ANSWERS_IN = 0.02
WITHIN = 60.0  # seconds; a busy machine included


class Crowd(NamedTuple):
    """Many groups, beside a stub that answers after a while."""

    stub: StubHomeserver
    living: Living
    store: Store
    groups: list[Founded]
    keeper: str

    def reminders(self) -> list[int]:
        return [told(self.stub, one, self.keeper) for one in self.groups]


@pytest_asyncio.fixture
async def crowd(tmp_path: Path) -> AsyncIterator[Crowd]:
    clock = HandClock(tmp_path / "clock", BEGIN)
    async with StubHomeserver(clock) as stub:
        living = Living(stub, tmp_path, clock)
        living.install()
        await living.start()
        await living.die()
        settings = Settings.load(tmp_path / "circlekeeper.yaml", {})
        house = main.house_of(settings, clock, load())
        store = await main.open_store(settings, clock)
        try:
            groups = await found_many(stub, store, house, GROUPS, EACH, clock.now())
            stub.before = lambda _: asyncio.sleep(ANSWERS_IN)
            yield Crowd(stub, living, store, groups, house.keeper)
        finally:
            await living.die()
            await store.close()


async def test_all_are_reminded_once_though_it_is_killed_in_the_middle(crowd: Crowd) -> None:
    due = (crowd.living.clock.now() + timedelta(hours=1)).replace(microsecond=0)
    await let_all_meet(crowd.store, [one.group.id for one in crowd.groups], 1, due)
    await crowd.living.start()
    assert not any(crowd.reminders())
    crowd.living.clock.advance(hours=1, seconds=1)
    async with asyncio.timeout(WITHIN):
        while sum(crowd.reminders()) < GROUPS // 2:
            await asyncio.sleep(0.02)
        await crowd.living.die()
        assert sum(crowd.reminders()) < GROUPS
        await crowd.living.start()
        while not all(crowd.reminders()):
            await asyncio.sleep(0.02)
    await asyncio.sleep(1.5)  # a second one would come with the next tick
    assert crowd.reminders() == [1] * GROUPS
    reader = crowd.groups[-1].members[0]
    reader.listen()
    line = await reader.wait_for_text(crowd.groups[-1].board, "We meet in")
    assert line.sender == crowd.keeper
    await reader.stop()
