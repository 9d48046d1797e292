"""A group with a weekly meeting, told from timer to timer."""

from datetime import datetime
from typing import Any

from appservice.domain.events import MeetingDue
from appservice.domain.group import Group
from appservice.domain.meetings.changing import changed
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId, Size
from tests.support.story import CODE, Heard, Story, UserId, example, replace

GROUP = f"group-{CODE}"
RULE = "FREQ=WEEKLY;COUNT=6"


def meets(story: Story, starts: datetime, group: str = GROUP, **more: Any) -> Meeting:
    """Let a group meet every week at a wall time in London, or as `more` has it."""
    values = {"number": 1, "zone": "Europe/London", "minutes": 60, "rule": RULE, **more}
    meeting = Meeting(group, start=starts, **values)
    story.records[meeting.kind, meeting.key] = meeting
    story.happens(MeetingDue(group, meeting.number))
    return meeting


def changes(story: Story, meeting: Meeting, **more: Any) -> Meeting:
    """Let a meeting be changed, as every command does it."""
    after = replace(meeting, **more)
    state = story.state(MeetingDue(meeting.group, meeting.number))
    here = nowhere(state, CauseId(f"change-{story.causes}"), story.now)
    outcome = changed(here, story.one(Group, meeting.group), meeting, after)
    story.writes(outcome)
    for index, effect in enumerate(outcome.effects):
        story.performs(effect, f"change-{story.causes}-{index}")
    return after


def passes_until(story: Story, moment: datetime) -> None:
    """Let time pass from timer to timer, each at its moment."""
    while story.timers:
        due = min(at for at, _ in story.timers.values())
        if due > moment:
            break
        story.now = max(story.now, due)
        story.passes()
    story.now = max(story.now, moment)


def small(story: Story, *people: UserId, code: str = CODE, name: str = "Willow") -> str:
    """Found a small group of these people."""
    group = story.founds(replace(example(), name=name, size=Size.SMALL), code=code)
    for user in people:
        story.passes_the_gate(user, code)
        story.accepts(user)
    return group


def reminded(story: Story, user: UserId) -> list[Heard]:
    """Return the reminders that somebody has had in private, in order."""
    chat = story.person(user).chat
    return [h for h in story.heard if h.room == chat and h.message.kind == "reminder"]


def on_board(story: Story, group: str = GROUP) -> list[Heard]:
    """Return the reminders of a noticeboard, in order."""
    board = f"!noticeboard-{group}"
    return [h for h in story.heard if h.room == board and h.message.kind == "reminder"]
