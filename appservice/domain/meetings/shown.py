"""How a meeting is told: its next dates, place and host, and what the next clock change does."""

from datetime import datetime, timedelta

from appservice.domain.meetings import place
from appservice.domain.meetings.clock_change import next_change, odd_time
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.planning import coming
from appservice.domain.meetings.recurrence import Occurrence, occurrence, walls
from appservice.domain.meetings.rules import has_end
from appservice.domain.types import Moment, Text, Value

DATES = 3
_RHYTHMS = {  # each, and every so many
    "DAILY": ("rhythm-days-1", "rhythm-days"),
    "WEEKLY": ("rhythm-weeks-1", "rhythm-weeks"),
    "MONTHLY": ("rhythm-months-1", "rhythm-months"),
    "YEARLY": ("rhythm-years-1", "rhythm-years"),
}
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def card(meeting: Meeting, now: datetime, count: int = DATES, *, zone: str | None = None) -> Text:
    """Tell a meeting: how often, its next dates and its last, how long, where, with whom.

    `zone`: on whose clocks; None: on the meeting's own.
    """
    zone = zone or meeting.zone
    ahead = coming(meeting, now, count)
    dates = tuple(Text("meeting-date", {"when": Moment(one.starts, zone)}) for one in ahead)
    lines: list[Text] = [rhythm(meeting), *(dates or (Text("meeting-no-dates"),))]
    last = _last(meeting) if ahead else None
    if last is not None:
        lines.append(Text("meeting-last", {"when": Moment(last.starts, zone, short=True)}))
    lines += [Text("meeting-length", {"minutes": meeting.minutes}), place.told(meeting)]
    if meeting.host is not None and meeting.host:
        lines.append(Text("meeting-host", {"user": meeting.host}))
    return Text("card", {"lines": tuple(lines)})


def _last(meeting: Meeting) -> Occurrence | None:
    """Return the last occurrence of a series that ends by itself; None: of any other."""
    if not has_end(meeting.rule):
        return None
    left = [was for was in walls(meeting, meeting.start) if was not in meeting.cancelled]
    return max((occurrence(meeting, was) for was in left), key=lambda one: one.starts)


def rhythm(meeting: Meeting) -> Text:
    """Say how often a meeting comes."""
    parts = dict(part.split("=", 1) for part in meeting.rule.split(";") if part)
    if not parts:
        return Text("rhythm-once")
    each, every = _RHYTHMS[parts["FREQ"]]
    n = int(parts.get("INTERVAL", "1"))
    return Text(each) if n == 1 else Text(every, {"n": n})


def clocks(meeting: Meeting, now: datetime) -> tuple[Text, ...]:
    """Say what clocks do to the next dates: the next change, times that are skipped or doubled."""
    near = (odd_time(one, meeting.zone) for one in coming(meeting, now, DATES))
    lines = tuple(odd for odd in near if odd is not None)
    first = next(iter(coming(meeting, now)), None)
    change = next_change(meeting.zone, now) if meeting.rule and first is not None else None
    if change is None:
        return lines
    after = next(iter(coming(meeting, max(now, change.at))), None)
    if after is None:
        return lines
    when: dict[str, Value] = {
        "change": Moment(change.at, meeting.zone, short=True),
        "when": Moment(after.starts, meeting.zone),
    }
    odd = odd_time(after, meeting.zone)
    seen = odd is None or odd in lines
    return (*lines, Text("meeting-clocks", when), *(() if seen else (odd,)))


def soon(starts: datetime, now: datetime) -> Text:
    """Say how long it is until then, in the largest unit that fits."""
    left = starts - now
    if left <= timedelta():
        return Text("soon-now")
    for key, unit in (("soon-days", _DAY), ("soon-hours", _HOUR)):
        if left >= 2 * unit:
            return Text(key, {"n": round(left / unit)})
    return Text("soon-minutes", {"n": max(1, round(left / timedelta(minutes=1)))})
