"""In which hours somebody is there for a group, and how much of them has gone by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from appservice.domain.duty.rota import Slot
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import instant, wall_time
from appservice.domain.membership import facilitators
from appservice.domain.types import UserId

WEEK = timedelta(days=7)
_SLACK = timedelta(days=2)  # more than any zone is away from UTC, and a slot over midnight
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shift:
    """A slot as it comes on one day; moments are in UTC."""

    slot: Slot
    on: date
    begins: datetime
    ends: datetime
    users: tuple[UserId, ...]  # who is there in it, after swaps


def has_hours(group: Group) -> bool:
    """Say whether there are hours in which somebody is said to be there."""
    return any(_there(group, slot.users) for slot in group.rota.slots)


def shifts(group: Group, after: datetime, before: datetime) -> tuple[Shift, ...]:
    """Return the shifts that end after one moment and begin before another, in order.

    A shift that a clock change swallows does not come, nor one of people who are gone.
    """
    found = (
        _shift(group, slot, day)
        for slot in group.rota.slots
        for day in _days(after - _SLACK, before + _SLACK)
        if day.weekday() == slot.day
    )
    real = (one for one in found if one.begins < one.ends and one.users)
    near = (one for one in real if one.ends > after and one.begins < before)
    return tuple(sorted(near, key=lambda one: (one.begins, one.ends)))


def running(group: Group, now: datetime) -> tuple[Shift, ...]:
    """Return the shifts that go on now, the one that began first before the others."""
    return tuple(one for one in shifts(group, now, now + _DAY) if one.begins <= now)


def is_staffed(group: Group, now: datetime) -> bool:
    """Say whether it is one of the hours of a group; without hours it never is."""
    return bool(running(group, now))


def staffed_from(group: Group, moment: datetime) -> datetime:
    """Return the moment itself or the next one in the hours; itself where there are none."""
    begins = (one.begins for one in shifts(group, moment, moment + WEEK + _DAY))
    return max(moment, next(begins, moment))


def staffed_until(group: Group, moment: datetime) -> datetime:
    """Return when the hours end in which a moment lies; the moment where it lies in none."""
    end = moment
    for one in shifts(group, moment, moment + WEEK):
        if one.begins <= end:
            end = max(end, one.ends)
    return end


def after_hours(group: Group, since: datetime, span: timedelta) -> datetime:
    """Return when this much of the hours has gone by; without hours all time counts.

    Few hours must not make somebody wait for ever: at most a week more goes by than the span.
    """
    latest = since + span + WEEK
    if not has_hours(group):
        return since + span
    left, reached = span, since
    for begins, ends in _hours(group, since, latest):
        if ends - begins >= left:
            return begins + left
        left, reached = left - (ends - begins), ends
    return latest if left else reached


def _hours(group: Group, after: datetime, before: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the hours between two moments, those that touch each other as one."""
    done = after
    for one in shifts(group, after, before):
        begins, ends = max(one.begins, done), min(one.ends, before)
        if begins < ends:
            yield begins, ends
            done = ends


def _shift(group: Group, slot: Slot, day: date) -> Shift:
    last = day if slot.ends > slot.begins else day + _DAY
    begins = instant(datetime.combine(day, slot.begins), slot.zone)
    ends = instant(datetime.combine(last, slot.ends), slot.zone)
    instead = {
        one.by: one.to for one in group.rota.swaps if (one.on, one.begins) == (day, slot.begins)
    }
    users = tuple(dict.fromkeys(instead.get(user, user) for user in slot.users))
    return Shift(slot, day, begins, ends, _there(group, users))


def _there(group: Group, users: tuple[UserId, ...]) -> tuple[UserId, ...]:
    named = facilitators(group.charter)
    return tuple(user for user in users if user in named)


def _days(after: datetime, before: datetime) -> Iterator[date]:
    day = wall_time(after, "UTC").date()
    while day <= before.astimezone(UTC).date():
        yield day
        day += _DAY
