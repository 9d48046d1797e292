"""Steps of a meeting: each once, whatever the clock does; what is too late is let go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.events import GroupAsked, MeetingDue
from appservice.domain.group import Group
from appservice.domain.meetings import program
from appservice.domain.meetings.clock import AHEAD, BEHIND, timer
from appservice.domain.meetings.meeting import Meeting, Moved, Progress
from appservice.domain.meetings.recurrence import occurrence
from appservice.domain.meetings.steps import At, Step
from appservice.domain.outcome import Outcome
from appservice.domain.telling import notices
from appservice.domain.types import verbatim
from tests.domain.meeting_story import passes_until
from tests.support.story import CODE, Story, example, replace

STARTS = datetime(2026, 12, 1, 19)  # a Tuesday in winter, when London is at UTC
HOUR = timedelta(hours=1)


def early(_group: Any, occurrence: Any) -> tuple[Step, ...]:
    """Two steps, as parts of a meeting have them."""

    def said(at: At, word: str) -> Outcome:
        where = at.group.rooms["noticeboard"]
        return notices([where], at.group, verbatim(f"{word} {at.occurrence.was:%d}"))

    starts = occurrence.starts
    return (
        Step("hour", starts - HOUR, starts, lambda at: said(at, "hour")),
        Step("day", starts - 24 * HOUR, starts - 2 * HOUR, lambda at: said(at, "day")),
    )


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.setattr(program, "PARTS", (early,))


def meets(story: Story, **more: Any) -> Meeting:
    """Let a group meet on four Tuesdays in London."""
    group = story.founds()
    rule = "FREQ=WEEKLY;BYDAY=TU;COUNT=4"
    meeting = Meeting(group, 1, STARTS, "Europe/London", 60, rule, **more)
    story.records[meeting.kind, meeting.key] = meeting
    story.happens(MeetingDue(group, 1))
    return meeting


def words(story: Story) -> list[str]:
    return [heard.body for heard in story.heard]


@pytest.mark.usefixtures("parts")
def test_each_step_is_taken_once_and_in_order():
    story = Story()
    meets(story)
    passes_until(story, datetime(2026, 12, 9, tzinfo=UTC))
    assert words(story) == ["day 01", "hour 01", "day 08", "hour 08"]
    for _ in range(3):
        story.happens(MeetingDue(story.all(Meeting)[0].group, 1))
    assert len(words(story)) == 4


@pytest.mark.usefixtures("parts")
def test_after_days_of_downtime_only_what_is_still_useful_is_said():
    story = Story()
    meets(story)
    story.now = datetime(2026, 12, 8, 17, 30, tzinfo=UTC)  # an hour and a half before the second
    story.passes()
    assert words(story) == []
    story.passes(minutes=45)
    assert words(story) == ["hour 08"]


@pytest.mark.usefixtures("parts")
def test_what_is_called_off_or_moved_is_not_recalled_at_its_old_time():
    story = Story()
    first, second = STARTS, STARTS + timedelta(weeks=1)
    meets(story, cancelled=(first,), moved=(Moved(second, second + timedelta(days=1)),))
    passes_until(story, datetime(2026, 12, 8, 20, tzinfo=UTC))
    assert words(story) == ["day 08"]  # a day before the ninth, under the name of the eighth
    passes_until(story, datetime(2026, 12, 10, tzinfo=UTC))
    assert words(story) == ["day 08", "hour 08"]


@pytest.mark.usefixtures("parts")
def test_a_quiet_group_is_left_in_peace_and_a_closed_one_is_forgotten():
    story = Story()
    meeting = meets(story)
    group = story.all(Group)[0]
    story.records["group", group.id] = replace(group, stage="quiet")
    passes_until(story, datetime(2026, 12, 3, tzinfo=UTC))
    assert words(story) == []
    assert timer(group.id, meeting.number) in story.timers
    story.records["group", group.id] = replace(group, stage="closed")
    passes_until(story, datetime(2026, 12, 5, tzinfo=UTC))
    assert not any(key.startswith("meeting") for key in story.timers)


@pytest.mark.usefixtures("parts")
def test_what_was_done_is_let_go_of_when_it_is_long_over():
    story = Story()
    meets(story)
    passes_until(story, datetime(2026, 12, 10, tzinfo=UTC))
    assert {progress.was.day for progress in story.all(Progress)} == {1, 8}
    passes_until(story, datetime(2027, 1, 20, tzinfo=UTC))
    assert story.all(Progress) == []


@settings(max_examples=60, deadline=None)
@given(jumps=st.lists(st.integers(-30, 90), max_size=30))
def test_whatever_the_clock_does_no_step_is_taken_twice(jumps):
    before, program.PARTS = program.PARTS, (early,)
    try:
        story = Story()
        meeting = meets(story)
        for hours in jumps:
            story.now += timedelta(hours=hours)
            story.happens(MeetingDue(meeting.group, 1))
    finally:
        program.PARTS = before
    assert len(words(story)) == len(set(words(story)))


def test_the_look_reaches_as_far_as_the_earliest_and_the_latest_step():
    story = Story()
    story.happens(GroupAsked("g", example(), CODE, open=True, at=story.now))
    group = story.all(Group)[0]
    meeting = Meeting(group.id, 1, STARTS, "Europe/London", 60)
    one = occurrence(meeting, STARTS)
    for step in program.steps(group, one):
        assert one.starts - AHEAD < step.at < one.ends + BEHIND, step.name
