"""Check-ins on a real homeserver: native votes in both namings, numbers, and totals of five."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.crash.house import House
from tests.e2e.conftest import Enter, EnterNio
from tests.support.element import ElementClient, Poll
from tests.support.member import Line
from tests.support.story import EXAMPLES
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
PATIENCE = 30.0
DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[House]:
    """An installation whose clock is the test's."""
    async with House.open(tmp_path, forked=True) as made:
        yield made


@pytest.fixture
def house(place: House):
    return place.installation


def advance_to(place: House, moment: datetime) -> None:
    place.clock.advance(seconds=(moment - place.clock.now()).total_seconds())


def next_time(place: House, told: Line) -> datetime:
    """The moment that the keeper named: its time in UTC stands in brackets."""
    hour, minute = re.search(r"(\d\d):(\d\d) UTC", told.body).groups()
    now = place.clock.now()
    moment = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    return moment if moment > now else moment + DAY


def after_tuesday(place: House) -> datetime:
    """A morning when answers of up to now were counted, whatever the group's zone."""
    moment = place.clock.now().replace(hour=4, minute=0, second=0, microsecond=0) + DAY
    while moment.weekday() != 2:
        moment += DAY
    return moment


async def newest_poll(member: ElementClient, room: str, count: int) -> Poll:
    async with asyncio.timeout(PATIENCE):
        while len(found := await member.polls(room)) < count:
            await asyncio.sleep(0.1)
        return found[-1]


async def asked(walkers: list[Walker], count: int) -> list[Line]:
    """Everybody hears the question in plain text; to those with Element it is a poll as well."""
    lines = await asyncio.gather(*(walker.hear("checkin", timeout=PATIENCE) for walker in walkers))
    for walker in walkers[:2]:
        await newest_poll(walker.member, walker.room, count)
    return lines


async def answer(walkers: list[Walker], count: int, number: int) -> None:
    """Answer by a button in each naming, by number and by word; each hears one question."""
    for walker, naming in zip(walkers[:2], ("unstable", "stable"), strict=True):
        poll = await newest_poll(walker.member, walker.room, count)
        await walker.member.vote(walker.room, poll.event_id, "sun", naming=naming)
    for walker, text in zip(walkers[2:number], ("1", "Sun", "1"), strict=False):
        await walker.say(text)
    for walker in walkers[:number]:
        thanks = await walker.hear("checkin", timeout=PATIENCE)
        assert [choice["id"] for choice in thanks.keeper["choices"]] == ["yes", "no"]


async def test_a_check_in_is_answered_in_every_way_and_counted_from_five_on(
    place: House, house, enter: Enter, enter_nio: EnterNio
) -> None:
    mira = await enter_nio("mira")
    others = await asyncio.gather(
        *(enter(name) for name in ("ada", "ben")),
        *(enter_nio(name) for name in ("mei", "zoe", "kim")),
    )
    jonas = f"@jonas:{house.synapse.server_name}"
    group = await house.new_group(
        "Willow", mira.user_id, jonas, charter=EXAMPLES / "standard.yaml"
    )
    team = group["rooms"]["facilitators"]
    walkers = [await Walker.meet(one, house.keeper) for one in (mira, *others)]
    await asyncio.gather(*(walker.join(group["code"]) for walker in walkers))
    await mira.join(team)
    leader, *walkers = walkers

    told = [await walker.ask("check-in daily 12:00", "notice") for walker in walkers]
    first = next_time(place, told[0])
    advance_to(place, first + timedelta(minutes=1))
    lines = await asked(walkers, 1)
    assert "Reply 1 to 5, or skip" in lines[0].body
    poll = await newest_poll(walkers[0].member, walkers[0].room, 1)
    assert [id_ for id_, _ in poll.answers] == ["sun", "clouds", "fog", "rain", "storm", "skip"]
    assert (poll.most, poll.disclosed) == (1, False)

    # four answers: nothing is told
    await answer(walkers, 1, 4)
    await walkers[0].ask("no", "notice")
    advance_to(place, after_tuesday(place))
    await walkers[1].hear_nothing_more()

    # five answers, in the days after: the number, and what came most often
    second = next_time(place, told[0])
    advance_to(place, second + timedelta(minutes=1))
    await asked(walkers, 2)
    await answer(walkers, 2, 5)
    assert mira.user_id not in (await walkers[4].ask("yes", "notice")).body
    wish = await mira.wait_for(team, lambda line: "C-1" in line.body, PATIENCE)
    assert others[4].user_id not in wish.body
    await leader.say("!take 1")
    given = await mira.wait_for(leader.room, lambda line: line.kind == "case_excerpt", PATIENCE)
    assert others[4].user_id in given.body
    assert "sun" not in f"{wish.body} {given.body}".casefold()
    advance_to(place, after_tuesday(place))
    result = await mira.wait_for(team, lambda line: line.kind == "result", PATIENCE)
    assert "5 people answered.\nWhat came most often: Sun" in result.body
    results = [line for line in mira.timeline(team) if line.kind == "result"]
    assert len(results) == 1
