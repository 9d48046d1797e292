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
_WEEK = timedelta(days=7)


def honest(state: State, group: Group, now: datetime, zone: str) -> Text:
    """Say by when somebody may look at what a member has raised, on the clocks of a zone.

    Nobody is told that somebody knows, and no hour is promised that a group does not have.
    """
    if not has_hours(group):
        return Text("honest-no-hours" if on_duty(state, group, now) else "honest-nobody")
    if is_staffed(group, now) and on_duty(state, group, now):
        return Text("honest-now", {"until": Moment(staffed_until(group, now), zone)})
    if is_staffed(group, now):
        return Text("honest-nobody")
    return Text("honest-later", {"from": Moment(staffed_from(group, now), zone)})


def hours(group: Group) -> Text:
    """Return the hours of every week, one line for each day, or that there are none."""
    if not has_hours(group):
        return Text("hours-none")
    title = Text("hours-title", {"zone": group.charter.zone})
    return Text("card", {"lines": (title, *_lines(group))})


def _lines(group: Group) -> tuple[Text, ...]:
    """Say them as in a week without a change of clocks or a swap, in the group's zone."""
    zone = group.charter.zone
    found: list[Text] = []
    for begins, ends in _of_a_week(group):
        first, last = wall_time(begins, zone), wall_time(ends, zone)
        day = DAYS[first.weekday()]
        said: Values = {"day": day, "begins": f"{first:%H:%M}", "ends": f"{last:%H:%M}"}
        found.append(Text("hours-line", said))
    return tuple(found)


def _of_a_week(group: Group) -> list[tuple[datetime, datetime]]:
    monday = instant(datetime(2024, 1, 8), group.charter.zone)  # noqa: DTZ001 - a wall time
    merged: list[tuple[datetime, datetime]] = []
    for one in shifts(group, monday, monday + _WEEK):
        if one.begins < monday:
            continue
        if merged and one.begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], one.ends))
        else:
            merged.append((one.begins, one.ends))
    return merged
