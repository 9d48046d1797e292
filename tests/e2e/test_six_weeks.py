"""Six Tuesdays across the clock change on a real homeserver: what each member's client received.

A small group in Berlin. One meeting is called off, one is moved, and the add-on is down for a day
over a reminder. The clock of the house jumps from one thing that is due to the next.
"""

import asyncio
import contextlib
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from appservice.domain.types import RoomKind, Size, UserId
from tests.crash.house import House
from tests.support.member import Line
from tests.support.walker import Walker

if TYPE_CHECKING:
    from tests.support.nio_member import NioMember

pytestmark = pytest.mark.synapse
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
PATIENCE = 60.0
TOGETHER = timedelta(minutes=5)  # what is due within them happens at their end, in one go
LASTS = timedelta(minutes=75)
CHANGE_WEEK = 3  # the first meeting on the new time
PEOPLE = ("mira", "ada", "ben", "cem", "dora")
_WHEN = re.compile(r"(\d{1,2} [A-Z][a-z]+ \d{4}), (\d\d:\d\d) \(([^;)]+)")


class Due(NamedTuple):
    """What a client is to receive, about which time on the reader's clocks, at the latest when."""

    kind: str
    about: str
    at: datetime
    early: int = 0  # minutes that it may come before


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One in March, whose clock can be moved."""
    async with House.open(tmp_path, forked=True) as house:
        await house.kill()
        house.clock.advance(seconds=(beginning(house) - house.clock.now()).total_seconds())
        await house.run()
        yield house


def beginning(house: House) -> datetime:
    """Return noon of a Wednesday; the fourth Tuesday after it is the first on the new time."""
    year = house.clock.now().year
    days = (last_sunday_of_march(year + more) - timedelta(days=25) for more in (0, 1))
    noons = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days)
    return next(noon for noon in noons if noon > house.clock.now())


def last_sunday_of_march(year: int) -> date:
    last = date(year, 3, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


class Calendar:
    """The house's clock, moved from one due time to the next; it knows when what was sent."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.jumps = [(time.time(), house.clock.now())]
        self.first = house.clock.now().date() + timedelta(days=6)

    def tuesday(self, week: int, clock: str = "19:00", *, days: int = 0) -> datetime:
        """Return a time in Berlin of a week's Tuesday, or of so many days after it."""
        day = self.first + timedelta(weeks=week, days=days)
        return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=BERLIN)

    def meetings(self) -> list[datetime]:
        """Return when they meet: the second date is called off, the third is moved."""
        moved = self.tuesday(2, "18:30", days=1)
        return [self.tuesday(0), moved, *(self.tuesday(week) for week in (3, 4, 5))]

    def sent(self, line: Line) -> datetime:
        """Return when a message was sent, on the clock of the house."""
        real = line.ts / 1000
        seen, shown = next(jump for jump in reversed(self.jumps) if jump[0] <= real)
        return (shown + timedelta(seconds=real - seen)).astimezone(BERLIN)

    @property
    def since(self) -> float:
        """Return when it began, as the homeserver counts."""
        return self.jumps[0][0] * 1000

    def to(self, moment: datetime) -> None:
        """Go to a moment at once."""
        left = moment.astimezone(UTC) - self.house.clock.now()
        self.house.clock.advance(seconds=max(left.total_seconds(), 0))
        self.jumps.append((time.time(), self.house.clock.now()))

    async def live(self, until: datetime) -> None:
        """Go on to a moment, and on the way be at every time at which something is due."""
        until = until.astimezone(UTC)
        await self._settled()
        while (due := self._due()) is not None and due < until:
            behind = (due - datetime.min.replace(tzinfo=UTC)) % TOGETHER
            due += TOGETHER - behind if behind else behind
            # while they meet, only who leads is told what comes next
            ends = (start + LASTS for start in self.meetings() if start < due < start + LASTS)
            self.to(min(next(ends, due), until))
            await self._settled()
        self.to(until)
        await self._settled()

    async def _settled(self) -> None:
        """Wait until nothing is due, and all is said that was."""
        async with asyncio.timeout(PATIENCE):
            while self._is_due():
                await asyncio.sleep(0.03)
            await self.house.at_rest()
            if self._is_due():  # what was done has set a timer that is due at once
                await self._settled()

    def _is_due(self) -> bool:
        due = self._due()
        return due is not None and due <= self.house.clock.now()

    def _due(self) -> datetime | None:
        database = sqlite3.connect(self.house.installation.folder / "circlekeeper.db", timeout=10)
        with contextlib.closing(database):
            ticks = database.execute("SELECT min(due) FROM timers").fetchone()[0]
        return datetime.fromtimestamp(ticks / 1e6, UTC) if ticks is not None else None


class Town:
    """The group's people, each with a client of their own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.members: dict[str, NioMember] = {}
        self.walkers: dict[str, Walker] = {}
        self.answers: set[str] = set()  # what they asked for

    async def settle(self) -> None:
        """Let all of them pass the gate of a small group in Berlin."""
        house = self.house
        entered = await asyncio.gather(*(house.enter(name) for name in PEOPLE))
        self.members = dict(zip(PEOPLE, entered, strict=True))
        jonas = await house.register("jonas")
        named = [UserId(self.members["mira"].user_id), UserId(jonas.user_id)]
        group, code = await house.found("WILLOW", named, Size.SMALL, "Europe/Berlin")
        await house.founded(group, frozenset({RoomKind.CIRCLE}))
        await asyncio.gather(*(self._goes_in(name, code) for name in PEOPLE))

    async def says(self, name: str, text: str, answer: str) -> str:
        """Say something, and wait for an answer with these words in it."""
        walker = self.walkers[name]
        known = {line.event_id for line in walker.lines_of_keeper()}

        def fits(line: Line) -> bool:
            is_new = line.sender == walker.keeper and line.event_id not in known
            return is_new and line.type == "m.room.message" and answer in line.body

        await walker.say(text)
        line = await walker.member.wait_for(walker.room, fits, PATIENCE)
        self.answers.add(line.event_id)
        return line.body

    async def stop(self) -> None:
        await asyncio.gather(*(member.stop() for member in self.members.values()))

    async def unasked(self, name: str, calendar: Calendar) -> list[Line]:
        """Return what the keeper has sent since, which nobody asked for; polls aside."""
        walker = self.walkers[name]
        await self.says(name, "zzz marker", "")  # a chat is answered in order
        lines = self.members[name].timeline(walker.room)
        told = [one for one in lines if one.sender == walker.keeper and one.ts > calendar.since]
        assert all(one.readable for one in told)
        messages = [one for one in told if one.type == "m.room.message"]
        return [one for one in messages if one.event_id not in self.answers]

    async def _goes_in(self, name: str, code: str) -> None:
        member = self.members[name]
        self.walkers[name] = await Walker.meet(member, self.house.installation.keeper)
        await self.walkers[name].join(code, timeout=PATIENCE)
        await self.walkers[name].ask("stop tips", "notice")


def told(moment: datetime, zone: ZoneInfo) -> str:
    """Say a time on somebody's clocks, as the keeper does."""
    local, place = moment.astimezone(zone), zone.key.partition("/")[2].replace("_", " ")
    return f"{local.day} {local:%B %Y}, {local:%H:%M} {place}"


def about(line: Line) -> str:
    """Return the first time that a message names in full."""
    found = _WHEN.search(line.body)
    return f"{found[1]}, {found[2]} {found[3]}" if found else ""


def news(calendar: Calendar, zone: ZoneInfo, *, planned: bool = True) -> list[Due]:
    """Return what is told of the plan, the meeting called off and the one moved: by day only."""
    done = [calendar.jumps[0][1]] if planned else []
    done += [calendar.tuesday(week, "12:00", days=2) for week in (0, 1)]
    times = [calendar.tuesday(0)] if planned else []
    times += [calendar.tuesday(1), calendar.tuesday(2, "18:30", days=1)]
    eights = (
        at.astimezone(zone).replace(hour=8, minute=0, second=0, microsecond=0) for at in done
    )
    return [
        Due("notice", told(time, zone), max(at, eight))
        for time, at, eight in zip(times, done, eights, strict=True)
    ]


def reminders(calendar: Calendar, start: datetime, zone: ZoneInfo) -> list[Due]:
    """Return a reminder a day before, in the morning after the downtime, and an hour before."""
    day_before = start - timedelta(days=1)
    if start == calendar.tuesday(CHANGE_WEEK):
        day_before = start.astimezone(zone).replace(hour=8, minute=20)
    return [
        Due("reminder", told(start, zone), day_before, 20),
        Due("rsvp", "", day_before, 20),
        Due("reminder", told(start, zone), start - timedelta(hours=1), 5),
    ]


def closing(calendar: Calendar, start: datetime, zone: ZoneInfo) -> Due:
    """Return kind words at the end, with the next date."""
    dates = calendar.meetings()
    if start == dates[0]:
        dates.insert(1, calendar.tuesday(1))  # not called off yet
    after = [told(other, zone) for other in dates if other > start]
    return Due("meeting_close", (after or [""])[0], start + LASTS)


def expected(name: str, calendar: Calendar) -> list[Due]:
    """Return what somebody is to receive in the six weeks."""
    if name == "dora":
        return news(calendar, BERLIN, planned=False)
    zone = NEW_YORK if name == "ben" else BERLIN
    first, *others = calendar.meetings()
    due = reminders(calendar, first, zone)
    if name == "cem":
        due = due[:2]  # having said no
    if name == "ada":  # having said yes
        asked = Due("feedback_ask", "", first + LASTS + timedelta(minutes=30), 20)
        due += [closing(calendar, first, zone), asked, asked]
    due += news(calendar, zone) if name != "mira" else []
    for start in others:
        due += [*reminders(calendar, start, zone), closing(calendar, start, zone)]
    return sorted(due, key=lambda one: one.at)


async def test_each_member_of_a_series_sees_what_they_should_once(house: House) -> None:
    town = Town(house)
    try:
        await town.settle()
        calendar = Calendar(house)
        await _six_weeks(town, calendar)
        for name in PEOPLE:
            lines = await town.unasked(name, calendar)
            if name == "mira":  # who leads gets much more; here what everybody gets
                lines = [one for one in lines if one.kind in ("reminder", "rsvp", "meeting_close")]
            due = expected(name, calendar)
            seen = [(one.kind, about(one)) for one in lines]
            assert seen == [(one.kind, one.about) for one in due], name
            for line, one in zip(lines, due, strict=True):
                sent = calendar.sent(line)
                begins = one.at - timedelta(minutes=one.early)
                assert begins <= sent <= one.at + timedelta(minutes=1), (name, line.body, sent)
    finally:
        await town.stop()


async def _six_weeks(town: Town, calendar: Calendar) -> None:
    house = town.house
    await town.says("ben", "zone America/New_York", "New York")
    await town.says("dora", "off", "unasked")
    shown = await town.says("mira", "!meeting every tue 19:00 for 75m 6 times", "understood")
    last, changed = calendar.tuesday(5), calendar.tuesday(CHANGE_WEEK)
    assert f"The last one: Tue {last.day} {last:%b}, 19:00" in shown
    assert f"The next date after that: Tuesday {changed.day} {changed:%B}" in shown
    await town.says("mira", "yes", "I have kept it")

    await calendar.live(calendar.tuesday(0, "12:00"))
    await town.says("ada", "coming", "You can change your mind")
    await town.says("cem", "coming no", "I do not remind you")

    await calendar.live(calendar.tuesday(0, "12:00", days=2))
    off, moved = calendar.tuesday(1), calendar.tuesday(2)
    await town.says("mira", f"!meeting cancel {off:%d %b}", "does not take place")
    await town.says("mira", "yes", "I have kept it")
    await calendar.live(calendar.tuesday(1, "12:00", days=2))
    to = calendar.tuesday(2, "18:30", days=1)
    await town.says("mira", f"!meeting move {moved:%d %b} to {to:%d %b} 18:30", "has a new time")
    await town.says("mira", "yes", "I have kept it")

    await calendar.live(calendar.tuesday(CHANGE_WEEK, "06:00", days=-1))
    await house.kill()
    calendar.to(calendar.tuesday(CHANGE_WEEK, "06:00"))
    await house.run()
    await calendar.live(calendar.tuesday(6))
