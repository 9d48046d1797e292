"""What changes of clocks do to meetings: skipped and doubled times, and who has to look twice."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from appservice.domain.meetings.recurrence import Occurrence, instant, occurrence, wall_time
from appservice.domain.types import Moment, Text, Values

HORIZON = timedelta(days=400)  # how far a change of clocks is looked for
_ODD = {"gap": "clocks-gap", "fold": "clocks-fold", None: None}
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class ClockChange:
    """A moment (UTC) at which the clocks of a zone are set, and by how much."""

    at: datetime
    by: timedelta


def next_change(zone: str, after: datetime) -> ClockChange | None:
    """Return the next change of a zone's clocks, to the minute; None: none in over a year."""
    start = after.astimezone(UTC)
    for days in range(HORIZON.days):
        low, high = start + days * _DAY, start + (days + 1) * _DAY
        if _offset(zone, low) == _offset(zone, high):
            continue
        by = _offset(zone, high) - _offset(zone, low)
        while high - low > _MINUTE / 2:
            middle = low + (high - low) / 2
            if _offset(zone, middle) == _offset(zone, high):
                high = middle
            else:
                low = middle
        return ClockChange(_to_the_minute(high), by)
    return None


def oddity(wall: datetime, zone: str) -> str | None:
    """Return `gap` for a wall time that clocks skip, `fold` for one that comes twice, or None."""
    if wall_time(instant(wall, zone), zone) != wall:
        return "gap"
    here = ZoneInfo(zone)
    first, second = (wall.replace(tzinfo=here, fold=fold).utcoffset() for fold in (0, 1))
    return "fold" if first != second else None


def odd_time(one: Occurrence, zone: str) -> Text | None:
    """Say that an occurrence is at a time that is skipped or comes twice; None: it is not.

    `zone`: on whose clocks its true time is told.
    """
    key = _ODD[oddity(one.planned, one.meeting.zone)]
    values: Values = {"clock": _clock(one.planned), "when": Moment(one.starts, zone)}
    return Text(key, values) if key is not None else None


def told(one: Occurrence, zone: str) -> Text | None:
    """Say what a change of clocks does to an occurrence on somebody's own clocks; None: nothing.

    `zone`: whose clocks. A time that the rule gives is compared with the one before it; one that
    was moved has another time anyway.
    """
    planned = one.planned
    if (odd := odd_time(one, zone)) is not None:
        return odd
    before = _before(one)
    if before is None or planned != one.was:
        return None
    now, then = wall_time(one.starts, zone), wall_time(before.starts, zone)
    shift = now - then - (one.was - before.was)
    if not shift:
        return None
    key = "clocks-later" if shift > timedelta() else "clocks-earlier"
    return Text(key, {"clock": _clock(now), "before": _clock(then)})


def _before(one: Occurrence) -> Occurrence | None:
    """Return the one before it by the rule, where its own time is neither skipped nor moved."""
    meeting = one.meeting
    if not meeting.rule:
        return None
    was = rrulestr(meeting.rule, dtstart=meeting.start).before(one.was)
    if was is None or oddity(was, meeting.zone) == "gap":
        return None
    return occurrence(replace(meeting, moved=()), was)


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M}"


def _offset(zone: str, moment: datetime) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _to_the_minute(moment: datetime) -> datetime:
    return (moment + _MINUTE / 2).replace(second=0, microsecond=0)
