"""Makes meetings out of wishes, and changes them: pure values, nothing is said or kept here.

Every change raises `sequence`, as calendars need it (RFC 5545, 3.8.7.4).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from appservice.domain.charter import Charter
from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, Moved, Place
from appservice.domain.meetings.recurrence import (
    Occurrence,
    between,
    instant,
    wall_time,
    walls,
)
from appservice.domain.meetings.rules import day_end, first_date, until
from appservice.domain.meetings.when import Wish
from appservice.domain.types import Text, UserId

USUAL_LENGTH = 75  # minutes
MOST = 20  # meetings of a group that are not over
_AHEAD = (timedelta(days=10), timedelta(days=100), timedelta(days=1500))
_OVERLAPS_AHEAD = timedelta(days=370)


def planned(wish: Wish, group: Group, number: int, host: UserId | None) -> Meeting:
    """Make a meeting out of a wish; of whose length nothing was said lasts as is usual."""
    return Meeting(
        group=group.id,
        number=number,
        start=wish.start,
        zone=wish.zone,
        minutes=wish.minutes or USUAL_LENGTH,
        rule=wish.rule,
        place=wish.place or Place(),
        host=host,
    )


def within(meeting: Meeting, charter: Charter) -> tuple[Meeting, Text | None]:
    """Keep a series within the days of a cohort; the text says what was changed or is odd."""
    begins, ends = charter.begins, charter.ends
    if not meeting.rule:
        day = meeting.start.date()
        is_out = (begins is not None and day < begins) or (ends is not None and day > ends)
        return meeting, Text("meeting-out-of-round") if is_out else None
    note = None
    if begins is not None and meeting.start.date() < begins:
        earliest = datetime.combine(begins, meeting.start.time())
        start = first_date(meeting.rule, earliest, meeting.start.time())
        meeting = replace(meeting, start=start or meeting.start)
        note = Text("meeting-from-round", {"date": f"{begins:%Y-%m-%d}"})
    last = day_end(ends) if ends is not None else None
    if last is not None and last >= meeting.start and _comes_after(meeting, last):
        meeting = replace(meeting, rule=until(meeting.rule, last))
        note = Text("meeting-to-round", {"date": f"{last:%Y-%m-%d}"})
    return meeting, note


def moved(meeting: Meeting, was: datetime, to: datetime, minutes: int | None = None) -> Meeting:
    """Move one occurrence to another wall time, or back; `minutes`: if it is as long no more."""
    others = tuple(one for one in meeting.moved if one.was != was)
    kept = next((one.minutes for one in meeting.moved if one.was == was), None)
    move = Moved(was, to, minutes or kept)
    moves = (*others, move) if to != was or move.minutes is not None else others
    return replace(meeting, moved=moves, sequence=meeting.sequence + 1)


def cancelled(meeting: Meeting, was: datetime, now: datetime) -> Meeting:
    """Call one occurrence off; a meeting that takes place once is over with it."""
    if not meeting.rule:
        return replace(meeting, ended=now, sequence=meeting.sequence + 1)
    return replace(
        meeting,
        cancelled=(*meeting.cancelled, was),
        moved=tuple(one for one in meeting.moved if one.was != was),
        sequence=meeting.sequence + 1,
    )


def ended(meeting: Meeting, now: datetime) -> Meeting:
    """End a series: what has begun stays as it was, nothing else takes place any more."""
    last = wall_time(now, meeting.zone)
    if not meeting.rule or instant(meeting.start, meeting.zone) > now:
        return replace(meeting, ended=now, sequence=meeting.sequence + 1)
    kept = tuple(one for one in meeting.moved if instant(one.to, meeting.zone) <= now)
    away = tuple(one.was for one in meeting.moved if one not in kept and one.was <= last)
    return replace(
        meeting,
        rule=until(meeting.rule, last),
        moved=kept,
        cancelled=(*meeting.cancelled, *away),
        sequence=meeting.sequence + 1,
    )


def coming(meeting: Meeting, now: datetime, count: int = 1) -> tuple[Occurrence, ...]:
    """Return the next occurrences that have not begun, at most so many, in order."""
    found: tuple[Occurrence, ...] = ()
    for ahead in _AHEAD:
        found = tuple(one for one in between(meeting, now, now + ahead) if one.starts > now)
        if len(found) >= count:
            break
    return found[:count]


def overlaps(
    meeting: Meeting, others: tuple[Meeting, ...], now: datetime
) -> tuple[Occurrence, Occurrence] | None:
    """Return the first occurrence that overlaps with one of another meeting, and that one."""
    until = now + _OVERLAPS_AHEAD
    taken = [
        one
        for other in others
        if other.number != meeting.number
        for one in between(other, now, until)
    ]
    for one in between(meeting, now, until):
        for other in taken:
            if one.starts < other.ends and other.starts < one.ends:
                return one, other
    return None


def _comes_after(meeting: Meeting, last: datetime) -> bool:
    return any(True for _ in islice(walls(meeting, last + timedelta(seconds=1)), 1))
