"""The hours of a group as people are told them: when somebody is there, and never who."""

from datetime import datetime, timedelta

from appservice.domain.duty.staffed import (
    has_hours,
    is_staffed,
    shifts,
    staffed_from,
    staffed_until,
)
from appservice.domain.duty.who import on_duty
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import instant, wall_time
from appservice.domain.state import State
from appservice.domain.types import Moment, Text, Values

DAYS = (
    Text("rota-day-0"),
    Text("rota-day-1"),
    Text("rota-day-2"),
    Text("rota-day-3"),
    Text("rota-day-4"),
    Text("rota-day-5"),
    Text("rota-day-6"),
)
"""Names of weekdays, from Monday."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def honest(state: State, group: Group, now: datetime, zone: str) -> Text:
    """Say by when somebody may look at what a member has raised, on the clocks of a zone.

    Nobody is told that somebody knows, and no hour is promised that a group does not have.
    """
    if not has_hours(group):
        return Text("honest-no-hours" if on_duty(state, group, now) else "honest-nobody")
    if is_unstaffed(state, group, now):
        return Text("honest-nobody")
    if is_staffed(group, now):
        return Text("honest-now", {"until": Moment(staffed_until(group, now), zone)})
    return Text("honest-later", {"from": Moment(staffed_from(group, now), zone)})


def is_unstaffed(state: State, group: Group, now: datetime) -> bool:
    """Say whether these are hours of a group in which everybody is off all the same."""
    return is_staffed(group, now) and not on_duty(state, group, now)


def hours(group: Group) -> Text:
    """Return the hours of every week, one line for each day, or that there are none."""
    if not has_hours(group):
        return Text("hours-none")
    zone = group.charter.zone
    title = Text("hours-title", {"zone": zone})
    return Text("card", {"lines": (title, *_lines(_of_a_week(group), zone))})


def these_days(group: Group, now: datetime, zone: str) -> Text | None:
    """Return the hours of the seven days from today as somebody's clocks show them; None: none."""
    if not has_hours(group):
        return None  # nor may it have a zone yet
    today = wall_time(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = instant(today, zone)
    spans = _merged(group, first, instant(today + _WEEK, zone))
    if not spans:
        return None
    spans.sort(key=lambda span: wall_time(span[0], zone).weekday())
    title = Text("help-hours", {"group": group.charter.name, "zone": zone})
    return Text("card", {"lines": (title, *_lines(spans, zone), Text("help-hours-else"))})


def _lines(spans: list[tuple[datetime, datetime]], zone: str) -> tuple[Text, ...]:
    found: list[Text] = []
    for begins, ends in spans:
        first, last = wall_time(begins, zone), wall_time(ends, zone)
        day = DAYS[first.weekday()]
        said: Values = {"day": day, "begins": f"{first:%H:%M}", "ends": f"{last:%H:%M}"}
        found.append(Text("hours-line", said))
    return tuple(found)


def _of_a_week(group: Group) -> list[tuple[datetime, datetime]]:
    """Return them as in a week without a change of clocks or a swap."""
    monday = instant(datetime(2024, 1, 8), group.charter.zone)  # noqa: DTZ001 - a wall time
    return _merged(group, monday, monday + _WEEK)


def _merged(group: Group, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """Return what begins between two moments, those that touch as one, of a day at most."""
    merged: list[tuple[datetime, datetime]] = []
    for one in shifts(group, first, last):
        if one.begins < first:
            continue
        if merged and one.begins <= merged[-1][1] and one.ends - merged[-1][0] <= _DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], one.ends))
        else:
            merged.append((one.begins, one.ends))
    return merged
