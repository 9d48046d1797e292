"""A red case that nobody answers, on a real homeserver: over a kill, downtime and a test page."""

import asyncio
from pathlib import Path

import pytest

from appservice import main
from appservice.domain.cases.case import About, Case, Level, Track
from appservice.domain.events import CaseDue
from appservice.domain.types import CauseId, GroupId, RoomKind, UserId
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from tests.crash.house import House
from tests.support.nio_member import NioMember
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse


async def raised(house: House, group: GroupId, reporter: str) -> None:
    """Keep a case as a flag does, and let its clock be looked at."""
    now = house.clock.now()
    case = Case(
        group,
        1,
        Track.CARE,
        About.OTHER,
        opened=now,
        since=now,
        reporter=UserId(reporter),
        level=Level.RED,
    )
    due = CaseDue(group, 1)
    arrival = Arrival(CauseId("raised"), lane_of_event(due), "event", due, now)
    assert house.settings is not None
    store = await main.open_store(house.settings, house.clock)
    try:
        async with store.begin() as work:
            await work.put(case)
            await work.accept([arrival])
    finally:
        await store.close()


async def test_a_red_case_climbs_over_a_kill_and_downtime_until_the_reporter_knows(
    tmp_path: Path,
) -> None:
    async with House.open(tmp_path, forked=True) as house:
        mira, jonas, mei = [await house.enter(name) for name in ("mira", "jonas", "mei")]
        try:
            await _climbs(house, mira, jonas, mei)
        finally:
            for member in (mira, jonas, mei):
                await member.stop()


async def _climbs(house: House, mira: NioMember, jonas: NioMember, mei: NioMember) -> None:
    group, code = await house.found("WILLOW", (UserId(mira.user_id), UserId(jonas.user_id)))
    room = (await house.founded(group)).rooms[RoomKind.FACILITATORS]
    keeper = house.installation.keeper
    walkers = [await Walker.meet(member, keeper) for member in (mira, jonas, mei)]
    await asyncio.gather(*(walker.join(code) for walker in walkers))
    for member in (mira, jonas):
        await member.join(room)
    hers, his, reporter = walkers

    # a test page is measured, and is one of the two that red paging needs
    await hers.ask("!test-page", "drill")
    for walker in (hers, his):
        line = await walker.hear("drill")
        assert [choice["id"] for choice in line.keeper["choices"]] == ["here"]
        assert "only a test" in line.body
        await walker.ask("1", "drill")
    assert (await mira.wait_for_text(room, "the lead: ")).kind == "drill"
    assert "It needs hours" in (await hers.ask("!red-paging on", "refusal")).body
    await hers.ask("!rota add mon tue wed thu fri sat sun 00:00-24:00", "duty")
    assert "Red paging is on" in (await hers.ask("!red-paging on", "duty")).body

    # on duty at once, by chat and in the facilitators' room; again after five minutes
    await raised(house, group, mei.user_id)
    line = await hers.hear("case_new")
    assert line.body.startswith("C-1 (red) waits.")
    assert line.keeper["choices"] == [{"id": "take", "label": "I take it", "reply": "1"}]
    assert "Take it: !take 1" in (await jonas.wait_for_text(room, "C-1 (red) waits")).body
    house.clock.advance(minutes=5, seconds=1)
    assert "C-1 (red) still waits" in (await hers.hear("case_ladder")).body

    # what was missed is one, and since when comes first
    await house.kill()
    house.clock.advance(minutes=40)
    await house.run()
    for walker in (hers, his):
        line = await walker.hear("case_ladder")
        assert line.body.startswith("From ")
        assert "could not ask anybody about C-1" in line.body
    told = await reporter.hear("flag_update")
    assert told.body.startswith("From ")
    assert "Nobody has answered to C-1" in told.body

    await house.at_rest()
    # the hours are hers; he is asked once all are
    for walker, times in ((hers, 3), (his, 1)):
        await walker.hear_nothing_more()
        kinds = [one.kind for one in walker.lines_of_keeper()]
        assert kinds.count("case_new") + kinds.count("case_ladder") == times
        assert "flag_update" not in kinds
    await reporter.hear_nothing_more()
    kinds = [one.kind for one in reporter.lines_of_keeper()]
    assert kinds.count("flag_update") == 1
    assert not {"case_new", "case_ladder", "drill", "duty"} & set(kinds)
