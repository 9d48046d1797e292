"""Which meeting of a group goes on now, or comes next."""

from datetime import datetime, timedelta

from appservice.domain.meetings.kept import near
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.recurrence import Occurrence, between
from appservice.domain.state import State
from appservice.domain.types import GroupId

BEFORE = timedelta(minutes=10)  # the rooms fill
AFTER = timedelta(minutes=15)  # somebody may still be there
_HORIZONS = (timedelta(days=9), timedelta(days=63), timedelta(days=400))


def nearest(
    state: State, group: GroupId, now: datetime, number: int | None = None
) -> Occurrence | None:
    """Return the occurrence that has not ended and comes first; `number`: of this meeting."""
    own = [one for one in state.of(Meeting) if one.group == group and number in (None, one.number)]
    for horizon in _HORIZONS:
        found = [one for meeting in own for one in between(meeting, now, now + horizon)]
        if found:
            return min(found, key=lambda one: (one.starts, one.meeting.number))
    return None


def going_on(state: State, group: GroupId, now: datetime) -> Occurrence | None:
    """Return the meeting that goes on, a little before and after it counts too.

    Of two the one that has begun last.
    """
    found = near(state, group, now - AFTER, now + BEFORE)
    begun = [one for one in found if one.starts <= now]
    return max(begun or found, key=lambda one: one.starts, default=None)
