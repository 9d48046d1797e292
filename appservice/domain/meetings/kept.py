"""What is kept of meetings: a series by its number, and what was done about an occurrence."""

from datetime import datetime

from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.meetings.recurrence import Occurrence, between
from appservice.domain.state import State
from appservice.domain.types import GroupId


def find(state: State, group: GroupId, number: int) -> Meeting | None:
    """Return a meeting of a group by its number."""
    meetings = (one for one in state.of(Meeting) if one.group == group)
    return next((one for one in meetings if one.number == number), None)


def near(
    state: State, group: GroupId, after: datetime, before: datetime
) -> tuple[Occurrence, ...]:
    """Return what of all meetings of a group ends after one moment and starts before another."""
    own = (meeting for meeting in state.of(Meeting) if meeting.group == group)
    found = (one for meeting in own for one in between(meeting, after, before))
    return tuple(sorted(found, key=lambda one: one.starts))


def progress_of(state: State, one: Occurrence) -> Progress:
    """Return what was done about an occurrence, which may be nothing yet."""
    return state.known(Progress(one.meeting.group, one.meeting.number, one.was))
