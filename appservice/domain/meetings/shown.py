"""How a meeting is told: its next dates, place and host, and what the next clock change does."""

from datetime import datetime, timedelta

from appservice.domain.meetings.clock_change import next_change, oddity
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.planning import coming
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.types import Moment, Text, Value

DATES = 3
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def card(meeting: Meeting, now: datetime, count: int = DATES) -> Text:
    """Tell a meeting: how often, its next dates on its own clocks, how long, where, with whom."""
    ahead = coming(meeting, now, count)
    dates = tuple(
        Text("meeting-date", {"when": Moment(one.starts, meeting.zone)}) for one in ahead
    )
    lines: list[Text] = [rhythm(meeting), *(dates or (Text("meeting-no-dates"),))]
    lines += [Text("meeting-length", {"minutes": meeting.minutes}), place(meeting)]
    if meeting.host is not None and meeting.host:
        lines.append(Text("meeting-host", {"user": meeting.host}))
    return Text("card", {"lines": tuple(lines)})


def rhythm(meeting: Meeting) -> Text:
    """Say how often a meeting comes."""
    parts = dict(part.split("=", 1) for part in meeting.rule.split(";") if part)
    every: Value = int(parts.get("INTERVAL", "1"))
    names = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}
    if not parts:
        return Text("rhythm-once")
    name = names[parts["FREQ"]]
    return Text(f"rhythm-{name}", {"n": every}) if every != 1 else Text(f"rhythm-{name}-1")


def place(meeting: Meeting) -> Text:
    """Say where a meeting takes place."""
    return Text(f"meeting-in-{meeting.place.kind}", {"where": meeting.place.where})


def clocks(meeting: Meeting, now: datetime) -> tuple[Text, ...]:
    """Say what clocks do to the next dates: the next change, times that are skipped or doubled."""
    lines = tuple(_odd(one) for one in coming(meeting, now, DATES) if _is_odd(one))
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
    line = Text("meeting-clocks", when)
    return (*lines, line, *((_odd(after),) if _is_odd(after) else ()))


def soon(starts: datetime, now: datetime) -> Text:
    """Say how long it is until then, in the largest unit that fits."""
    left = starts - now
    if left <= timedelta():
        return Text("soon-now")
    for name, unit in (("days", _DAY), ("hours", _HOUR)):
        if left >= 2 * unit:
            return Text(f"soon-{name}", {"n": round(left / unit)})
    return Text("soon-minutes", {"n": max(1, round(left / timedelta(minutes=1)))})


def _is_odd(one: Occurrence) -> bool:
    return oddity(one.planned, one.meeting.zone) is not None


def _odd(one: Occurrence) -> Text:
    zone = one.meeting.zone
    values: dict[str, Value] = {"clock": f"{one.planned:%H:%M}", "when": Moment(one.starts, zone)}
    return Text(f"clocks-{oddity(one.planned, zone)}", values)
