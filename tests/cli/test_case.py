"""`circlekeeper case list` over a real database: numbers and states, no people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appservice.cli.case import _rows
from appservice.cli.database import opened
from appservice.cli.group_close import close_group
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, Case, Level, Stage, Track
from appservice.domain.group import Group
from appservice.domain.types import EventId, GroupId, RoomId, UserId
from appservice.errors import CirclekeeperError
from appservice.store import migrate
from tests.cli.test_founding import WILLOW

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
MEI, ADA = UserId("@mei:circle.test"), UserId("@ada:circle.test")
GROUP = GroupId("g")
CASE = Case(
    GROUP,
    12,
    Track.CARE,
    About.ME,
    opened=NOW,
    since=NOW,
    reporter=MEI,
    stage=Stage.CLAIMED,
    level=Level.RED,
    owner=ADA,
    named=(MEI,),
    excerpt=(EventIn(RoomId("!chat"), EventId("$flag")),),
)


@pytest.fixture
async def settings(config) -> Settings:
    settings = Settings.load(config, {})
    await migrate(settings.database)
    return settings


async def test_it_lists_numbers_and_states_and_nobody(settings):
    assert await _rows(settings) == []
    async with opened(settings) as store, store.begin() as work:
        await work.put(Group(GROUP, "open", WILLOW, NOW))
        await work.put(CASE)
        await work.put(replace(CASE, number=3, track=Track.CONDUCT, level=None, closed=NOW))
    rows = await _rows(settings)
    assert [row["case"] for row in rows] == ["C-3", "C-12"]
    assert rows[1] == {
        "case": "C-12",
        "group": WILLOW.name,
        "track": "care",
        "level": "red",
        "state": "claimed",
        "opened": NOW.isoformat(),
        "since": NOW.isoformat(),
        "closed": None,
    }
    for secret in (MEI, ADA, "$flag", "!chat"):
        assert secret not in repr(rows)


async def test_no_group_closes_at_once_over_an_open_case(settings):
    async with opened(settings) as store:
        async with store.begin() as work:
            await work.put(Group(GROUP, "open", WILLOW, NOW))
            await work.put(replace(CASE, named=(), track=Track.CONDUCT))
        with pytest.raises(CirclekeeperError, match="a case of this group is open"):
            await close_group(store, SystemClock(), GROUP, timedelta(0), 0)


def test_it_prints_a_line_for_each_or_says_that_there_is_none(process, config):
    assert process("migrate", "--config", str(config)).code == 0
    assert process("case", "list", "--config", str(config)).out == "There is no case.\n"
    assert process("case", "list", "--json", "--config", str(config)).data == []
