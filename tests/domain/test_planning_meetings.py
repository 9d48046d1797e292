"""Planning meetings, told as dialogues: shown first, kept on a yes, and told to the group."""

from datetime import UTC, date, datetime, timedelta

import pytest

from appservice.domain.events import MeetingDue
from appservice.domain.group import Group
from appservice.domain.meetings import program
from appservice.domain.meetings.meeting import Meeting, Moved, PlaceKind, Progress
from appservice.domain.meetings.plan import Plan
from appservice.domain.meetings.steps import Step
from appservice.domain.outcome import Outcome
from appservice.domain.records import Consent
from appservice.domain.types import Prompt
from tests.support.story import ADA, BEN, CODE, MEI, START, Story, example, replace

GROUP = f"group-{CODE}"
BOARD, TEAM = f"!noticeboard-{GROUP}", f"!facilitators-{GROUP}"
WEEKLY = "!meeting every tue 19:00"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    return story


@pytest.fixture
def small() -> Story:
    """A small group in Berlin: everything is told in private."""
    story = Story()
    story.founds(replace(example("small"), zone="Europe/Berlin"), code="BIRCH-2222")
    for user in (ADA, MEI):
        story.passes_the_gate(user, "BIRCH-2222")
    return story


def plans(story, *texts: str, by=ADA) -> list:
    """Let a facilitator write something and say yes; return what was said then."""
    for text in texts:
        story.says(by, text)
        said = story.says(by, "yes")
    return said


def meeting(story) -> Meeting:
    return story.all(Meeting)[-1]


def body(said) -> str:
    return "\n".join(heard.body for heard in said)


def told_in(said) -> set[str]:
    return {heard.room for heard in said}


def test_nothing_is_kept_before_the_yes(story):
    shown = story.says(ADA, f"{WEEKLY} for 90m https://meet.example.org/a host @mei")[-1]
    assert [choice.id for choice in shown.message.choices] == ["yes", "no"]
    for line in (
        "Every week",
        "Tuesday 24 November 2026, 19:00 (London; 19:00 UTC)",
        "Tuesday 8 December 2026, 19:00 (London; 19:00 UTC)",
        "90 minutes",
        "https://meet.example.org/a",
        "Host: @mei:example.org",
        "Sun 28 Mar, 02:00",  # clocks change
        "Tuesday 30 March 2027, 19:00 (London; 18:00 UTC)",
    ):
        assert line in shown.body
    assert not story.all(Meeting)
    assert not any(isinstance(event, MeetingDue) for _, event in story.timers.values())
    said = story.says(ADA, "yes")
    kept = meeting(story)
    assert (kept.number, kept.start, kept.minutes) == (1, datetime(2026, 11, 24, 19), 90)
    assert (kept.zone, kept.host, kept.made) == ("Europe/London", MEI, START)
    assert kept.place.kind is PlaceKind.LINK
    assert told_in(said) == {BOARD, "!chat-ada"}
    assert not story.all(Plan)


def test_a_no_changes_nothing(story):
    story.says(ADA, WEEKLY)
    assert "nothing has changed" in story.says(ADA, "no")[-1].body
    assert not story.all(Meeting)
    assert not story.all(Plan)
    assert "Nothing waits" in story.says(ADA, "!meeting yes")[-1].body


def test_in_the_facilitators_room_only_words_with_a_mark_are_for_the_keeper(story):
    shown = story.says(ADA, "!meeting every tue 7", room=TEAM)[-1]
    assert "!meeting 2: Every week" in shown.body
    assert not story.says(ADA, "2", room=TEAM)
    shown = story.says(ADA, "!meeting 2", room=TEAM)[-1]
    assert "!meeting yes: Yes" in shown.body
    assert not story.says(ADA, "yes", room=TEAM)
    assert "Nothing waits" in story.says(BEN, "!meeting yes", room=TEAM)[-1].body
    story.says(ADA, "!meeting yes", room=TEAM)
    assert meeting(story).start == datetime(2026, 11, 24, 19)


def test_what_may_mean_two_things_is_a_choice_of_numbers(story):
    asked = story.says(ADA, "!meeting 3/4 19:00")[-1]
    assert [choice.id for choice in asked.message.choices] == ["1", "2"]
    assert "first on Saturday 3 April 2027" in asked.body
    assert "first on Thursday 4 March 2027" in asked.body
    assert "choose a number" in story.says(ADA, "!meeting yes")[-1].body
    shown = story.says(ADA, "2")[-1]
    assert "Thursday 4 March 2027" in shown.body
    assert not story.all(Meeting)
    story.says(ADA, "yes")
    assert meeting(story).start == datetime(2027, 3, 4, 19)


def test_a_newer_question_takes_the_place_of_a_plan_that_waits(story):
    story.says(ADA, WEEKLY)
    story.says(ADA, "!meeting every thu 18:00")
    story.says(ADA, "yes")
    (kept,) = story.all(Meeting)
    assert kept.rule == "FREQ=WEEKLY;BYDAY=TH"
    story.says(ADA, "yes")
    assert len(story.all(Meeting)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("!meeting every blue moon", "do not understand"),
        ("!meeting every minute", "once a day at most"),
        ("!meeting every day 19:00", "add an end"),
        ("!meeting every day 19:00 501 times", "more than 500 dates"),
        ("!meeting 2020-01-01 19:00", "is over"),
        ("!meeting every tue 19:00 Europe/Lodon", "Europe/London"),
        ("!meeting every tue 19:00 http://example.org", "https://"),
        ("!meeting every tue 19:00 www.example.org", "https"),
        ("!meeting every tue 19:00 https://user:pass@example.org", "https"),
        ("!meeting every tue 19:00 at " + "a" * 301, "300"),
        ("!meeting every tue 19:00 call", "call"),
        ("!meeting every tue 19:00 host @zoe", "no member @zoe"),
        ("!meeting move next to 13 may 18:30", "No meeting is planned"),
        ("!meeting cancel next", "No meeting is planned"),
        ("!meeting end", "No meeting is planned"),
        ("!meeting list", "No meeting is planned"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(story, text, words):
    before = dict(story.records)
    said = story.says(ADA, text)
    assert words in said[-1].body
    assert len(said) == 1
    gone = {key for key in before if story.records.get(key) != before[key]}
    assert gone <= {("person", ADA), ("group", GROUP)}  # that she was there today
    assert not story.all(Plan)


def test_members_cannot_plan(story):
    assert "facilitators" in story.says(MEI, WEEKLY)[-1].body
    assert not story.all(Plan)


def test_german_words_do_the_same(story):
    story.says(ADA, "language de")
    shown = story.says(ADA, "!treffen jeden dienstag um 19 uhr für 75 minuten")[-1]
    assert "Jede Woche" in shown.body
    assert "Dienstag, 24. November 2026, 19:00" in shown.body
    story.says(ADA, "ja")
    story.says(ADA, "!treffen verlegen nächstes auf 26.11. 18:30")
    story.says(ADA, "ja")
    assert meeting(story).moved[0].to == datetime(2026, 11, 26, 18, 30)
    story.says(ADA, "!treffen absagen 1. dezember")
    story.says(ADA, "ja")
    assert meeting(story).cancelled == (datetime(2026, 12, 1, 19),)


def test_one_date_is_moved_and_moved_back(story):
    plans(story, WEEKLY)
    was = datetime(2026, 11, 24, 19)
    said = plans(story, "!meeting move next to 25 nov 18:30")
    assert meeting(story).moved == (Moved(was, datetime(2026, 11, 25, 18, 30)),)
    assert meeting(story).sequence == 1
    board = next(heard for heard in said if heard.room == BOARD)
    assert "Tue 24 Nov, 19:00" in board.body
    assert "Wednesday 25 November 2026, 18:30" in board.body
    plans(story, "!meeting move 25 nov to 20:00")  # the day stays
    assert meeting(story).moved == (Moved(was, datetime(2026, 11, 25, 20)),)
    plans(story, "!meeting move next to 24 nov 19:00")
    assert meeting(story).moved == ()
    assert meeting(story).sequence == 3


def test_a_date_that_does_not_exist_cannot_be_moved(story):
    plans(story, WEEKLY)
    for text in ("move 25 nov to 26 nov", "cancel 25 nov", "move 12 may to 13 may"):
        said = story.says(ADA, f"!meeting {text}")[-1]
        assert said.message.kind == "refusal"
        assert "no meeting at that time" in said.body
        assert "Tuesday 24 November 2026" in said.body
    plans(story, "!meeting cancel 24 nov")
    assert "no meeting at that time" in story.says(ADA, "!meeting move 24 nov to 19:30")[-1].body
    assert "from when to when" in story.says(ADA, "!meeting move next")[-1].body
    assert "is over" in story.says(ADA, "!meeting move next to 2020-01-01")[-1].body


def test_one_date_is_called_off(story):
    plans(story, WEEKLY)
    said = plans(story, "!meeting cancel next")
    assert meeting(story).cancelled == (datetime(2026, 11, 24, 19),)
    board = next(heard for heard in said if heard.room == BOARD)
    assert "does not take place: Tuesday 24 November" in board.body
    assert "The next one: Tuesday 1 December" in board.body


def test_a_meeting_that_takes_place_once_is_over_when_it_is_called_off(story):
    plans(story, "!meeting wed 25 nov 18:00")
    said = plans(story, "!meeting cancel next")
    assert meeting(story).ended == START
    assert "does not take place: Wednesday 25 November" in body(said)


def test_a_series_that_has_begun_ends_now_and_keeps_its_past(story):
    plans(story, WEEKLY)
    story.now += timedelta(days=9)
    said = plans(story, "!meeting end")
    kept = meeting(story)
    assert kept.ended is None
    assert kept.rule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261202T120000"
    assert "come to an end" in body(said)
    assert "None of your groups" in story.says(MEI, "meetings")[-1].body


def test_ending_a_series_forgets_dates_that_were_moved_ahead(story):
    plans(story, WEEKLY, "!meeting move next to 20 dec 18:00")
    story.now += timedelta(days=9)
    plans(story, "!meeting end")
    assert "None of your groups" in story.says(MEI, "meetings")[-1].body


def test_host_place_and_length(story):
    plans(story, WEEKLY, "!meeting every thu 18:00")
    assert "There are: 1, 2" in story.says(ADA, "!meeting host @mei")[-1].body
    said = plans(story, "!meeting host 2 @mei")
    assert told_in(said) == {"!chat-ada"}  # nothing that members must know
    plans(story, "!meeting place 2 address Main Street 5", "!meeting length 2 90")
    one, two = story.all(Meeting)
    assert (two.host, two.place.kind, two.minutes) == (MEI, PlaceKind.ADDRESS, 90)
    assert (two.sequence, one.sequence) == (3, 0)
    for text in ("host 2 @nobody", "host 2", "place 2 moon", "place 2", "length 2 long", "end 7"):
        assert story.says(ADA, f"!meeting {text}")[-1].message.kind == "refusal"


def test_the_list_names_numbers_and_dates(story):
    plans(story, WEEKLY, "!meeting every thu 18:00 for 60m")
    listed = story.says(ADA, "!meeting list")[-1].body
    assert "Meeting 1\nEvery week\n- Tuesday 24 November" in listed
    assert "Meeting 2\nEvery week\n- Thursday 26 November" in listed


def test_overlaps_are_shown_and_allowed(story):
    plans(story, WEEKLY)
    shown = story.says(ADA, "!meeting every other tue 20:00")[-1]
    assert "overlaps with meeting 1: Tuesday 24 November 2026, 19:00" in shown.body
    story.says(ADA, "yes")
    assert len(story.all(Meeting)) == 2
    assert "overlaps" not in story.says(ADA, "!meeting every tue 16:00 for 180m")[-1].body


def test_somebody_else_was_faster(story):
    plans(story, WEEKLY)
    story.says(ADA, "!meeting move next to 25 nov 18:30")
    plans(story, "!meeting cancel next", by=BEN)
    said = story.says(ADA, "yes")[-1]
    assert "in the meantime" in said.body
    assert meeting(story).moved == ()
    assert meeting(story).cancelled


def test_two_who_plan_at_once_get_two_numbers(story):
    story.says(ADA, WEEKLY)
    plans(story, "!meeting every thu 18:00", by=BEN)
    story.says(ADA, "yes")
    assert sorted(one.number for one in story.all(Meeting)) == [1, 2]


@pytest.mark.parametrize("text", ["!meeting tomorrow 19:00", "!meeting move next to 24 nov 20:00"])
def test_a_yes_that_comes_too_late_says_so(story, text):
    plans(story, WEEKLY)
    before = story.all(Meeting)
    story.says(ADA, text)
    story.now += timedelta(days=3)
    assert "is over" in story.says(ADA, "yes")[-1].body
    assert story.all(Meeting) == before


def test_a_round_bounds_its_series(story):
    story.founds(
        replace(example(), name="Rowan", begins=date(2026, 12, 3), ends=date(2027, 1, 20)),
        code="ROWAN-2222",
    )
    story.passes_the_gate(ADA, "ROWAN-2222")
    shown = story.says(ADA, "!meeting rowan every tue 19:00")[-1].body
    assert "Tuesday 8 December" in shown
    assert "ends on 2027-01-20" in shown
    story.says(ADA, "yes")
    assert meeting(story).rule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270120T235959"
    assert "not within the days" in story.says(ADA, "!meeting rowan 12 may 19:00")[-1].body
    shown = story.says(ADA, "!meeting rowan every tue 19:00 until 5 jan")[-1].body
    assert "ends on" not in shown


def test_gaps_and_folds_are_announced(story):
    shown = story.says(ADA, "!meeting 28 march 01:30")[-1].body  # London skips that hour
    assert "clocks skip 01:30" in shown
    assert "Sunday 28 March 2027, 02:30 (London; 01:30 UTC)" in shown
    shown = story.says(ADA, "!meeting 31 oct 2027 01:30")[-1].body
    assert "01:30 comes twice" in shown
    assert "00:30 UTC" in shown


def test_what_somebody_plans_goes_with_them(story):
    story.says(BEN, WEEKLY)
    assert story.all(Plan)
    story.says(BEN, "leave")
    assert not story.all(Plan)


# -- who is told in private


def comes(story, user, answer="yes") -> None:
    """Let somebody have said whether they come to the next date."""
    one = meeting(story)
    record = Progress(one.group, one.number, one.start, (), {user: answer})
    story.records[record.kind, record.key] = record


def test_who_said_that_they_come_is_told_in_private(story):
    plans(story, WEEKLY)
    comes(story, MEI)
    plans(story, "!meeting cancel next")
    heard = len(story.heard)
    story.passes(minutes=1)
    told = story.heard[heard:]
    assert told_in(told) == {"!chat-mei"}
    assert "does not take place" in told[0].body
    assert story.person(MEI).unasked == ()
    story.passes(minutes=1)
    assert len(story.heard) == heard + 1


def test_who_said_no_is_not_told_again(story):
    plans(story, WEEKLY)
    comes(story, MEI, "no")
    plans(story, "!meeting cancel next")
    heard = len(story.heard)
    story.passes(minutes=1)
    assert len(story.heard) == heard


def test_a_small_group_is_told_in_private_chats_on_their_own_clocks(small):
    small.now = START.replace(hour=15)  # 10:00 in New York
    small.says(MEI, "zone new york")
    said = plans(small, WEEKLY)
    assert told_in(said) == {"!chat-ada"}
    heard = len(small.heard)
    small.passes(minutes=1)
    told = small.heard[heard:]
    assert told_in(told) == {"!chat-mei"}
    assert len(small.person(MEI).unasked) == 1
    plans(small, "!meeting move next to 25 nov 18:30")
    heard = len(small.heard)
    small.passes(minutes=1)
    (told,) = small.heard[heard:]
    assert "Wednesday 25 November 2026, 12:30 (New York; 17:30 UTC)" in told.body
    assert len(small.person(MEI).unasked) == 1  # a move is not counted


def test_at_night_only_what_is_near_is_told(small):
    small.now = START.replace(hour=21)  # 22:00 in Berlin
    plans(small, "!meeting every tue 10:00", "!meeting every fri 10:00")
    small.passes(minutes=1)
    heard = len(small.heard)
    plans(small, "!meeting cancel 24 nov", "!meeting cancel 27 nov")
    heard = len(small.heard)
    small.passes(minutes=1)
    (near,) = small.heard[heard:]
    assert "Tuesday 24 November" in near.body
    assert "10:00" in near.body
    heard = len(small.heard)
    small.passes(hours=10)  # 8:00 in Berlin
    bodies = [one.body for one in small.heard[heard:]]
    assert sum("does not take place: Friday 27 November" in one for one in bodies) == 1
    assert sum("is planned" in one for one in bodies) == 2


def test_news_that_do_not_hold_any_more_are_not_told(small):
    plans(small, WEEKLY)
    plans(small, "!meeting end")
    heard = len(small.heard)
    small.passes(minutes=1)
    assert not any("is planned" in one.body for one in small.heard[heard:])


def test_whoever_wants_no_prompts_is_left_in_peace(small):
    small.records["person", MEI] = replace(small.person(MEI), prompts_off=True)
    plans(small, WEEKLY)
    heard = len(small.heard)
    small.passes(minutes=1)
    assert len(small.heard) == heard
    plans(small, "!meeting cancel next")
    heard = len(small.heard)
    small.passes(minutes=1)
    told = [one for one in small.heard[heard:] if one.room == small.person(MEI).chat]
    assert ["does not take place" in one.body for one in told] == [True]  # they may rely on it


def test_news_are_no_news_once_the_time_is_over(small):
    plans(small, WEEKLY, "!meeting cancel next")
    small.now = datetime(2026, 11, 24, 19, tzinfo=UTC)  # an outage of a day
    heard = len(small.heard)
    small.passes()
    assert not any("does not take place" in one.body for one in small.heard[heard:])


def test_whoever_plans_is_not_told_again(small):
    plans(small, WEEKLY)
    events = [e for _, e in small.timers.values() if getattr(e, "what", "") == Prompt.NEWS]
    assert [event.user for event in events] == [MEI]


# -- steps of a date that is moved


def test_steps_whose_time_lies_ahead_again_are_taken_again(story, monkeypatch):
    taken = []

    def steps(_group, one):
        def act(at):
            taken.append(at.occurrence.starts)
            return Outcome()

        yield Step("hour", one.starts - timedelta(hours=1), one.starts, act)
        yield Step("day", one.starts - timedelta(days=1), one.starts, act)

    monkeypatch.setattr(program, "PARTS", (steps,))
    plans(story, WEEKLY)
    story.now = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    story.passes()
    assert len(taken) == 2
    plans(story, "!meeting move next to 25 nov 18:00")
    (progress,) = [one for one in story.all(Progress) if one.was == datetime(2026, 11, 24, 19)]
    assert progress.done == ("day",)  # a day before the new time is over already
    for hours in (1, 22):
        story.passes(hours=hours)
    assert taken[2:] == [datetime(2026, 11, 25, 18, tzinfo=UTC)]


def test_a_closed_group_plans_nothing(story):
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, stage="draft")
    assert "once your group is open" in story.says(ADA, WEEKLY)[-1].body
    assert story.all(Consent)


@pytest.mark.parametrize(("more", "is_told"), [(" 6 times", True), ("", False)])
def test_when_a_series_ends_is_shown(small, more, is_told):
    (shown,) = small.says(ADA, WEEKLY + more)
    assert "Every week" in shown.body
    assert ("The last one: Tue 29 Dec, 19:00" in shown.body) == is_told
    assert ("last one" in shown.body) == is_told


def test_what_is_new_is_told_on_each_ones_own_clocks(small):
    small.says(MEI, "zone America/New_York")
    plans(small, WEEKLY + " 6 times")
    heard = len(small.heard)
    small.passes(hours=2)
    chat = small.person(MEI).chat
    told = body(one for one in small.heard[heard:] if one.room == chat)
    assert "19:00 (Berlin" not in told
    assert "13:00 (New York; 18:00 UTC)" in told
