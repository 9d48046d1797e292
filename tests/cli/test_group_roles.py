"""`group appoint` and `group revoke` over a real database; a stand-in takes the part of `run`."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appservice.cli.database import opened
from appservice.cli.group_roles import _order
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.charter import GroupRole
from appservice.domain.group import Group
from appservice.domain.types import GroupId, UserId
from appservice.errors import CirclekeeperError
from appservice.service.handle import handle
from appservice.service.load import Known
from appservice.store import migrate
from tests.cli.test_founding import WILLOW
from tests.support.agreed import agreed
from tests.support.story import house, words

CLOCK = SystemClock()
A, B, MEI = (UserId(f"@{name}:circle.test") for name in ("a", "b", "mei"))
GROUP = GroupId("g")
CONSENT = agreed(MEI, GROUP, datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
async def settings(config) -> Settings:
    settings = Settings.load(config, {})
    await migrate(settings.database)
    async with opened(settings) as store, store.begin() as work:
        await work.put(Group(GROUP, "open", WILLOW, CONSENT.given))
        await work.put(CONSENT)
    return settings


async def decide_all(store) -> None:
    while True:
        async with store.begin() as work:
            for arrival in await work.arrivals(CLOCK.now(), 10):
                known = Known(house(), words())
                await handle(work, known, arrival.id, [arrival.body], CLOCK.now())
                await work.finish(arrival.row)
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(settings):
    async with opened(settings) as store:
        task = asyncio.create_task(decide_all(store))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def group(settings) -> Group:
    async with opened(settings) as store, store.begin() as work:
        return await work.get(Group, GROUP)


async def test_a_role_is_taken_at_once(settings):
    async with running(settings):
        await _order(settings, "willow", B, None, wait=10)
    assert (await group(settings)).charter.facilitators == (A,)


async def test_a_role_is_offered_and_not_given(settings):
    async with running(settings):
        await _order(settings, GROUP, MEI, GroupRole.LEAD, wait=10)
    now = await group(settings)
    assert now.charter.lead is None
    [offer] = now.team.offers
    assert (offer.user, offer.role, offer.by) == (MEI, GroupRole.LEAD, None)


@pytest.mark.parametrize(
    ("name", "user", "role", "reason"),
    [
        ("BIRCH", MEI, None, "no group of that name"),
        ("WILLOW", MEI, None, "has no role"),
        ("WILLOW", B, GroupRole.LEAD, "with a consent"),
        ("WILLOW", MEI, GroupRole.FACILITATOR, "is not running"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_reason(settings, name, user, role, reason):
    before = await group(settings)
    with pytest.raises(CirclekeeperError, match=reason):
        await _order(settings, name, user, role, wait=0)
    assert await group(settings) == before


async def test_what_somebody_has_is_not_offered_again(settings):
    async with opened(settings) as store, store.begin() as work:
        await work.put(replace(CONSENT, user=A))
    with pytest.raises(CirclekeeperError, match="this role"):
        await _order(settings, "WILLOW", A, GroupRole.FACILITATOR, wait=0)
