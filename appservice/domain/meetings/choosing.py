"""Which meeting of a group is meant, and which of its dates: `next`, `12 may`, `2`."""

import re
from datetime import datetime
from itertools import product

from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.planning import coming
from appservice.domain.meetings.recurrence import Occurrence, instant, wall_time
from appservice.domain.meetings.when import Hearing, Said, heard, pick, times
from appservice.domain.state import State
from appservice.domain.types import Moment, Text

AHEAD = 120  # dates of a series that can be named
SHOWN = 3
_NUMBER = re.compile(r"#?(\d{1,3})(?:\s+(.*))?")


def ahead(state: State, group: Group, hearing: Hearing) -> tuple[Meeting, ...]:
    """Return the meetings of a group that are not over, by their numbers."""
    own = (meeting for meeting in state.of(Meeting) if meeting.group == group.id)
    live = (meeting for meeting in own if coming(meeting, hearing.now))
    return tuple(sorted(live, key=lambda meeting: meeting.number))


def numbered(meetings: tuple[Meeting, ...], text: str) -> tuple[Meeting, str] | Text:
    """Take the number of a meeting off the beginning; it need not be said where there is one."""
    if not meetings:
        return Text("meeting-none")
    match = _NUMBER.fullmatch(text.strip())
    named = [m for m in meetings if match is not None and m.number == int(match[1])]
    if match is not None and named:
        return named[0], match[2] or ""
    if len(meetings) == 1 and (match is None or match[2] is None):
        return meetings[0], text.strip()
    return Text("meeting-which-one", {"numbers": ", ".join(str(m.number) for m in meetings)})


def dates(
    meetings: tuple[Meeting, ...], text: str, hearing: Hearing
) -> tuple[Occurrence, ...] | Text:
    """Return the dates that some words mean, none of which has begun; a Text says why none."""
    soonest = _soonest(meetings, hearing, AHEAD)
    if not soonest:
        return Text("meeting-none")
    if hearing.vocabulary.has("next", (text.strip().casefold(),), 0):
        return tuple(one for one in soonest if one.starts == soonest[0].starts)
    said = heard(text, hearing)
    if isinstance(said, Text):
        return said
    found = tuple(one for one in soonest if _fits(one, said))
    if found:
        return found
    shown = tuple(
        Text("meeting-date", {"when": Moment(one.starts, one.meeting.zone)})
        for one in soonest[:SHOWN]
    )
    return Text("meeting-none-then", {"dates": shown})


def targets(one: Occurrence, said: Said, hearing: Hearing) -> tuple[datetime, ...]:
    """Return the wall times to which a date may be moved; what is left unsaid stays as it was.

    They are those of the meeting's zone, whichever zone was named. Of times that are over none.
    """
    meeting = one.meeting
    zone = said.zone or meeting.zone
    there = wall_time(one.starts, zone)
    clocks = times(said) or (there.time(),)
    found = []
    for meant, clock in product(said.days or ((there.date(),),), clocks):
        wall = pick(meant, clock, zone, hearing.now)
        if wall is not None:
            found.append(wall_time(instant(wall, zone), meeting.zone) if said.zone else wall)
    return tuple(dict.fromkeys(found))


def _fits(one: Occurrence, said: Said) -> bool:
    planned = one.planned
    on_day = any(planned.date() in meant for meant in said.days)
    at_time = not said.clocks or planned.time() in times(said)
    return on_day and at_time


def _soonest(meetings: tuple[Meeting, ...], hearing: Hearing, count: int) -> list[Occurrence]:
    every = [one for meeting in meetings for one in coming(meeting, hearing.now, count)]
    return sorted(every, key=lambda one: (one.starts, one.meeting.number))
