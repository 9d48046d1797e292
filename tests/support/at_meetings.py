"""Meetings in a story: planned as facilitators would, and time that moves from timer to timer."""

from datetime import UTC, datetime, timedelta
from typing import Any

from appservice.domain.events import MeetingDue
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.types import GroupId
from tests.support.story import Heard, Story

WEEKLY = "FREQ=WEEKLY"
FIRST = datetime.fromisoformat(
    "2026-12-01T19:00"
)  # a Tuesday, on the clocks of London, where it is UTC


def plans(story: Story, group: str, **more: Any) -> Meeting:
    """Let a group have a meeting: every Tuesday at 19:00 for 75 minutes, unless told otherwise."""
    values: dict[str, Any] = {
        "number": 1,
        "start": FIRST,
        "zone": "Europe/London",
        "minutes": 75,
        "rule": WEEKLY,
        "made": story.now,
        **more,
    }
    meeting = Meeting(GroupId(group), **values)
    story.records[meeting.kind, meeting.key] = meeting
    story.happens(MeetingDue(meeting.group, meeting.number))
    return meeting


def runs(story: Story, until: datetime) -> list[Heard]:
    """Let time pass from timer to timer up to a moment (UTC); return what the keeper said."""
    before, until = len(story.heard), until.replace(tzinfo=UTC)
    while due := [at for at, _ in story.timers.values() if at <= until]:
        story.passes(seconds=max((min(due) - story.now).total_seconds(), 0))
    story.passes(seconds=max((until - story.now).total_seconds(), 0))
    return story.heard[before:]


def to_start(story: Story, **after: float) -> list[Heard]:
    """Let time pass to the start of the first meeting, or to a moment after it."""
    return runs(story, FIRST + timedelta(**after))


def of_kind(heard: list[Heard], kind: str, room: str | None = None) -> list[Heard]:
    """Return what was said of a kind (in a room)."""
    return [one for one in heard if one.message.kind == kind and room in (None, one.room)]
