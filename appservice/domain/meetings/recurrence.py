"""When a meeting takes place: a wall time with the name of a zone, and the rule of its series.

A wall time that a clock change skips is read with the offset from before it, one that comes twice
means the first (RFC 5545, 3.3.5); both are what `fold=0` of PEP 495 says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from appservice.domain.meetings.meeting import Meeting

_SLACK = timedelta(days=2)  # more than any zone is away from UTC


@dataclass(frozen=True)
class Occurrence:
    """One time at which a meeting takes place; `starts` and `ends` are in UTC."""

    meeting: Meeting
    was: datetime  # wall time by the rule: RECURRENCE-ID
    starts: datetime
    ends: datetime

    @property
    def planned(self) -> datetime:
        """The wall time at which it is to take place: by the rule, or where it was moved to."""
        return next((move.to for move in self.meeting.moved if move.was == self.was), self.was)


def instant(wall: datetime, zone: str) -> datetime:
    """Return the moment, in UTC, at which clocks of a zone show a wall time."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_time(moment: datetime, zone: str) -> datetime:
    """Return what clocks of a zone show at a moment, as a naive datetime."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def between(meeting: Meeting, after: datetime, before: datetime) -> tuple[Occurrence, ...]:
    """Return the occurrences that end after one moment and start before another, in order."""
    if meeting.ended is not None:
        return ()
    moved = {one.was: one for one in meeting.moved}
    found = [occurrence(meeting, was) for was in moved if was not in meeting.cancelled]
    longest = _SLACK + timedelta(minutes=meeting.minutes)
    first, last = _naive(after) - longest, _naive(before) + _SLACK
    for was in takewhile(lambda wall: wall <= last, walls(meeting, first)):
        found += [] if was in moved or was in meeting.cancelled else [occurrence(meeting, was)]
    found = [one for one in found if one.ends > after and one.starts < before]
    return tuple(sorted(found, key=lambda one: (one.starts, one.was)))


def occurrence(meeting: Meeting, was: datetime) -> Occurrence:
    """Return one occurrence by its wall time by the rule, where it was moved to."""
    move = next((one for one in meeting.moved if one.was == was), None)
    starts = instant(move.to if move is not None else was, meeting.zone)
    minutes = move.minutes if move is not None and move.minutes is not None else meeting.minutes
    return Occurrence(meeting, was, starts, starts + timedelta(minutes=minutes))


def walls(meeting: Meeting, after: datetime) -> Iterator[datetime]:
    """Return the wall times by the rule from one on, cancelled ones too; there may be no end."""
    if not meeting.rule:
        return iter((meeting.start,) if meeting.start >= after else ())
    rule = rrulestr(meeting.rule, dtstart=meeting.start)
    found: Iterator[datetime] = rule.xafter(after, inc=True)
    return found


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
