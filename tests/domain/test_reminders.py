"""Reminders of meetings, told from timer to timer: each once, at a fitting hour, not too many."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.agenda.items import Item
from appservice.domain.events import MeetingDue
from appservice.domain.meetings.meeting import Meeting, Moved
from appservice.domain.prompts import MOST, WEEK
from tests.domain.meeting_story import (
    GROUP,
    changes,
    meets,
    on_board,
    passes_until,
    reminded,
    small,
)
from tests.support.story import ADA, BEN, MEI, Story, replace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STARTS = datetime(2026, 12, 1, 19)  # a Tuesday; London is at UTC


def at(*day: int) -> datetime:
    return datetime(2026, *day, tzinfo=UTC)


@pytest.fixture
def standard() -> Story:
    story = Story()
    story.founds()
    story.passes_the_gate(MEI)
    story.accepts(MEI)
    return story


@pytest.fixture
def pair() -> Story:
    """A small group of two."""
    story = Story()
    small(story, ADA, BEN)
    return story


def when(heard) -> list[str]:
    return [h.body.partition(":")[0].removeprefix("We meet ") for h in heard]


def hears_at(story: Story, user, until: datetime) -> list[str]:
    """Return when each private reminder came, as day and hour on a clock in UTC."""
    came = []
    while story.timers and min(moment for moment, _ in story.timers.values()) <= until:
        story.now = max(story.now, min(moment for moment, _ in story.timers.values()))
        before = len(reminded(story, user))
        story.passes()
        came += [f"{story.now:%d %H:%M}"] * (len(reminded(story, user)) - before)
    story.now = until
    return came


def test_the_noticeboard_tells_a_day_and_an_hour_before(standard):
    meets(standard, STARTS)
    passes_until(standard, at(12, 2))
    day, hour = on_board(standard)
    assert when([day, hour]) == ["in 24 hours", "in about an hour"]
    assert "Tuesday 1 December 2026, 19:00 (London; 19:00 UTC)" in day.body
    assert "welcome late" in day.body
    assert "coming no" in day.body
    assert not reminded(standard, MEI)


def test_in_a_small_group_each_is_reminded_in_private_before_its_time(pair):
    meets(pair, STARTS)
    came = hears_at(pair, ADA, at(12, 2))
    assert len(came) == 2
    assert "30 18:40" <= came[0] <= "30 19:00"
    assert "01 17:55" <= came[1] <= "01 18:00"
    assert came != hears_at(pair, BEN, at(12, 2))
    assert len(reminded(pair, BEN)) == 2
    assert not on_board(pair)


def test_in_a_full_size_group_whoever_asks_is_reminded(standard):
    assert "none here" in standard.says(MEI, "reminders")[0].body
    assert "as your group has chosen" in standard.says(MEI, "reminders on")[0].body
    meets(standard, STARTS)
    passes_until(standard, at(12, 2))
    assert len(reminded(standard, MEI)) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("reminders off", 0),
        ("reminders 1h", 1),
        ("reminders 10 min, 1 hour 7d", 4),
        ("Erinnerungen aus", 2),
        ("reminders 2h", 2),
        ("reminders of my mother hurt", 2),
    ],
)
def test_each_chooses_their_own(pair, text, count):
    pair.now = at(11, 22)
    pair.says(ADA, text)
    meets(pair, STARTS)
    passes_until(pair, at(12, 2))
    assert len(reminded(pair, ADA)) == count
    assert len(reminded(pair, BEN)) == 2


def test_what_cannot_be_read_changes_nothing(pair):
    assert pair.says(ADA, "reminders 25h")[0].message.kind == "not_understood"
    assert pair.says(ADA, "reminders of her")[0].message.kind == "program"


def test_who_asks_when_it_is_planned_already_gets_it_still_and_once(standard):
    meets(standard, STARTS)
    passes_until(standard, at(11, 30, 15))
    standard.says(MEI, "reminders 24h 1h")
    standard.says(MEI, "reminders on")
    passes_until(standard, at(12, 2))
    assert len(reminded(standard, MEI)) == 2


def test_the_ladder_keeps_the_clock_across_a_change(standard):
    meets(standard, datetime(2027, 3, 23, 19), ladder=(1440,))
    passes_until(standard, datetime(2027, 4, 1, tzinfo=UTC))
    assert ["19:00 UTC" in h.body for h in on_board(standard)] == [True, False]
    assert "19:00 (London; 18:00 UTC)" in on_board(standard)[1].body
    assert when(on_board(standard)) == ["in 24 hours"] * 2


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (at(11, 30, 20), ["in 23 hours", "in about an hour"]),
        (at(12, 1, 16), ["in 3 hours", "in about an hour"]),
        (at(12, 1, 17, 30), ["in about an hour"]),
        (at(12, 1, 18, 40), ["in 20 minutes"]),
        (at(12, 1, 19), []),
    ],
)
@pytest.mark.parametrize("where", ["board", "chat"])
def test_after_an_outage_it_tells_the_true_time_or_nothing(standard, where, back, said):
    standard.says(MEI, "reminders on")
    meets(standard, STARTS)
    passes_until(standard, at(11, 30, 6))
    standard.now = back
    passes_until(standard, at(12, 2))
    heard = on_board(standard) if where == "board" else reminded(standard, MEI)
    said = said if where == "board" else ["Willow meets soon.\nWe meet " + one for one in said]
    if where == "chat" and back == at(12, 1, 18, 40):
        said = ["Willow meets soon.\nWe meet in 17 minutes"]  # spread behind the outage
    assert [h.body.partition(":")[0].removeprefix("We meet ") for h in heard] == said


def test_two_late_ones_become_one(standard):
    meets(standard, STARTS, ladder=(60, 10))
    passes_until(standard, at(11, 30))
    standard.now = at(12, 1, 18, 52)
    passes_until(standard, at(12, 2))
    assert when(on_board(standard)) == ["in 8 minutes"]


def test_a_meeting_that_is_called_off_or_moved_is_not_recalled_as_it_was(pair):
    pair.says(ADA, "reminders 24h")
    meeting = meets(pair, STARTS)
    passes_until(pair, at(11, 30, 12))
    meeting = changes(pair, meeting, cancelled=(STARTS,))
    second = STARTS + 7 * DAY
    meeting = changes(pair, meeting, moved=(Moved(second, second + DAY),))
    passes_until(pair, at(12, 10, 12))
    [only] = reminded(pair, ADA)
    assert "Wednesday 9 December" in only.body


def test_a_move_there_and_back_repeats_nothing(standard):
    meeting = meets(standard, STARTS, ladder=(1440,))
    passes_until(standard, at(11, 30, 20))
    meeting = changes(standard, meeting, moved=(Moved(STARTS, STARTS + DAY),))
    passes_until(standard, at(11, 30, 22))
    changes(standard, meeting, moved=())
    passes_until(standard, at(12, 3))
    assert len(on_board(standard)) == 1


def test_what_falls_into_quiet_hours_comes_before_they_begin(pair):
    meets(pair, datetime(2026, 12, 1, 7, 30))
    came = hears_at(pair, ADA, at(12, 2))
    assert len(came) == 1  # not an hour before, at half past six
    assert "29 20:40" <= came[0] <= "29 21:00"
    assert "in 35 hours" in reminded(pair, ADA)[0].body


def test_or_when_they_are_over_if_that_is_before_the_start(pair):
    pair.says(ADA, "quiet hours 18 to 20:30")
    meets(pair, datetime(2026, 12, 1, 20, 50), ladder=(60,))
    [came] = hears_at(pair, ADA, at(12, 2))
    assert "01 20:30" <= came <= "01 20:35"


def test_at_night_it_comes_to_whoever_said_that_they_come(pair):
    meets(pair, datetime(2026, 12, 1, 23), ladder=(60,))
    passes_until(pair, at(12, 1, 12))
    pair.says(BEN, "coming")
    passes_until(pair, at(12, 2))
    assert not reminded(pair, ADA)
    assert len(reminded(pair, BEN)) == 1


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("quiet hours 22 to 7", (time(22), time(7))),
        ("quiet hours from 10:30 pm to 7 am", (time(22, 30), time(7))),
        ("quiet hours 22-7", (time(22), time(7))),
        ("quiet hours off", (time(0), time(0))),
        ("Ruhezeit 22 Uhr bis 7:15 Uhr", (time(22), time(7, 15))),
        ("quiet hours 25 to 7", None),
        ("quiet hours 22", None),
        ("quiet hours are hard for me", None),
    ],
)
def test_quiet_hours_are_set_in_plain_words(pair, text, hours):
    if text.startswith("Ruhe"):
        pair.says(ADA, "language de")
    pair.says(ADA, text)
    assert pair.person(ADA).quiet_hours == hours
    pair.says(ADA, "quiet hours usual")
    assert pair.person(ADA).quiet_hours is None


@pytest.mark.parametrize(("text", "count"), [("snooze 2 weeks", 0), ("off", 0), ("snooze off", 2)])
def test_snooze_and_off_silence_it_and_on_brings_it_back(pair, text, count):
    pair.says(ADA, text)
    meets(pair, STARTS)
    passes_until(pair, at(12, 2))
    assert len(reminded(pair, ADA)) == count
    pair.says(ADA, "on")
    passes_until(pair, at(12, 9))
    assert len(reminded(pair, ADA)) == count + 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("snooze", "notice"),
        ("snooze 0 days", "not_understood"),
        ("snooze until 2026-01-01", "refusal"),
        ("snooze 9 months", "refusal"),
        ("snooze button of my life", "program"),
    ],
)
def test_what_is_no_span_silences_nothing(pair, text, kind):
    assert [h.message.kind for h in pair.says(ADA, text)] == [kind]
    assert pair.person(ADA).snoozed is None


def test_five_a_week_over_two_groups_and_the_last_for_the_nearest(pair):
    birch = small(pair, ADA, code="BIRCH-2222", name="Birch")
    ladder = (1440, 60, 10)
    meets(pair, STARTS, ladder=ladder)
    meets(pair, STARTS + 2 * DAY, birch, ladder=ladder)
    passes_until(pair, at(12, 5))
    groups = [h.message.group for h in reminded(pair, ADA)]
    assert groups == ["Willow", "Willow", "Willow", "Birch", "Birch"]
    assert len(pair.person(ADA).unasked) == MOST


def test_the_last_of_five_is_not_for_a_meeting_behind_another(pair):
    birch = small(pair, ADA, code="BIRCH-2222", name="Birch")
    meets(pair, STARTS, ladder=(60,))
    meets(pair, STARTS + 5 * HOUR, birch, ladder=(1440,))
    pair.now = at(11, 30, 12)
    four = tuple(pair.now - HOUR for _ in range(4))
    pair.records["person", ADA] = replace(pair.person(ADA), unasked=four)
    passes_until(pair, at(12, 2, 12))
    assert [h.message.group for h in reminded(pair, ADA)] == ["Willow"]


def test_a_facilitator_sets_when_a_meeting_is_recalled(standard):
    charter = standard.records["group", GROUP].charter
    group = standard.records["group", GROUP]
    standard.records["group", GROUP] = replace(
        group, charter=replace(charter, facilitators=(MEI,))
    )
    assert "No meeting" in standard.says(MEI, "!reminders 24h")[0].body
    meets(standard, STARTS)
    assert "24h, 1h" in standard.says(MEI, "!reminders")[0].body
    assert standard.says(MEI, "!reminders 5h")[0].message.kind == "not_understood"
    standard.says(MEI, "!reminders 7d 10m")
    assert standard.all(Meeting)[0].ladder == (10080, 10)
    passes_until(standard, at(12, 2))
    assert "in 10 minutes" in when(on_board(standard))
    meets(standard, STARTS, number=2)
    assert "number first" in standard.says(MEI, "!reminders 1h")[0].body
    standard.says(MEI, "!reminders 2 none")
    assert [m.ladder for m in standard.all(Meeting)] == [(10080, 10), ()]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 60 * 30)),
        st.tuples(st.just("sleep"), st.integers(1, 60 * 60)),  # nothing runs for so many minutes
        st.tuples(st.just("back"), st.integers(1, 180)),  # the clock is set back
        st.tuples(st.just("look"), st.just(0)),
        st.tuples(st.just("move"), st.integers(-30, 30)),  # the next one, by hours
        st.tuples(st.just("say"), st.sampled_from(["reminders on", "reminders 24h 1h 10m"])),
    ),
    min_size=5,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happens_no_reminder_twice_and_never_more_than_five_a_week(steps):
    story = Story()
    small(story, ADA)
    birch = small(story, ADA, code="BIRCH-2222", name="Birch")
    rule = "FREQ=DAILY;COUNT=40"
    meetings = [
        meets(story, STARTS, rule=rule, ladder=(1440, 60, 10)),
        meets(story, STARTS + HOUR, birch, rule=rule),
    ]
    for what, value in steps:
        if what == "wait":
            passes_until(story, story.now + timedelta(minutes=value))
        elif what == "sleep":
            story.now += timedelta(minutes=value)
            story.passes()
        elif what == "back":
            story.now -= timedelta(minutes=value)
        elif what == "look":
            for meeting in meetings:
                story.happens(MeetingDue(meeting.group, 1))
        elif what == "move":
            was = next(
                w for n in range(40) if (w := STARTS + n * DAY) > story.now.replace(tzinfo=None)
            )
            moved = (Moved(was, was + timedelta(hours=value)),)
            meetings[0] = changes(story, meetings[0], moved=moved)
        else:
            story.says(ADA, value)
        came = sorted(story.person(ADA).unasked)
        assert all(len([x for x in came if begin <= x < begin + WEEK]) <= MOST for begin in came)
    reminders = reminded(story, ADA)
    when = [h.body.partition("\n")[0] + str(h.message.lines) for h in reminders]
    assert len(when) == len(set(when))


def test_one_that_came_early_is_not_said_again_by_asking_for_it(pair):
    meets(pair, datetime(2026, 12, 1, 7, 30), ladder=(1440,))
    passes_until(pair, at(11, 29, 21))
    assert len(reminded(pair, ADA)) == 1
    pair.says(ADA, "reminders 24h")
    passes_until(pair, at(12, 1, 12))
    assert len(reminded(pair, ADA)) == 1


def test_one_that_was_planned_for_another_time_falls_with_a_move(pair):
    meeting = meets(pair, STARTS, ladder=(1440,))
    passes_until(pair, at(11, 30, 12))
    changes(pair, meeting, moved=(Moved(STARTS, STARTS + DAY),))
    passes_until(pair, at(12, 3))
    [only] = reminded(pair, ADA)
    assert "Wednesday 2 December" in only.body


def test_a_reminder_tells_of_skipped_time_and_points_to_an_agenda_that_was_made(pair):
    meets(pair, STARTS)
    passes_until(pair, at(12, 1, 12))
    assert "Write agenda" not in reminded(pair, ADA)[-1].body
    night = datetime(2027, 3, 28, 1, 30)
    meets(pair, night, number=2, rule="", agenda=(Item("round", 60),))
    passes_until(pair, datetime(2027, 3, 28, tzinfo=UTC))
    told = reminded(pair, ADA)[-1].body
    assert "clocks skip 01:30" in told
    assert "Write agenda" in told


def test_a_ladder_that_is_changed_late_still_reminds_everybody_once(pair):
    meets(pair, STARTS, ladder=(60,))
    passes_until(pair, at(11, 30, 10))
    pair.says(ADA, "!reminders 24h 1h")
    pair.says(ADA, "!reminders 24h 1h")
    passes_until(pair, at(12, 1, 22))
    assert [len(reminded(pair, user)) for user in (ADA, BEN)] == [2, 2]
