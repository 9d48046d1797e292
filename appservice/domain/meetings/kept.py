"""What is kept of meetings: a series by its number, and what was done about an occurrence."""

from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.state import State
from appservice.domain.types import GroupId


def find(state: State, group: GroupId, number: int) -> Meeting | None:
    """Return a meeting of a group by its number."""
    meetings = (one for one in state.of(Meeting) if one.group == group)
    return next((one for one in meetings if one.number == number), None)


def progress_of(state: State, one: Occurrence) -> Progress:
    """Return what was done about an occurrence, which may be nothing yet."""
    return state.known(Progress(one.meeting.group, one.meeting.number, one.was))
