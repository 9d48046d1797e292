"""Who comes to a meeting: said in private, shown as numbers, taken back at any time."""

from datetime import UTC, datetime, timedelta

import pytest

from appservice.domain.effects import SayPoll
from appservice.domain.events import TipDue
from appservice.domain.meetings import rsvp
from appservice.domain.meetings.meeting import Progress
from tests.domain.meeting_story import GROUP, changes, meets, passes_until, reminded, small
from tests.support.story import ADA, BEN, MEI, ZOE, Story, replace

STARTS = datetime(2026, 12, 1, 19)
DAY = timedelta(days=1)


def at(*day: int) -> datetime:
    return datetime(2026, *day, tzinfo=UTC)


@pytest.fixture
def story() -> Story:
    told = Story()
    small(told, ADA, BEN, MEI)
    return told


def coming(story: Story) -> dict:
    known = [one for one in story.all(Progress) if one.was == STARTS]
    return dict(known[0].coming) if known else {}


def test_with_the_first_reminder_comes_a_poll_and_it_may_be_answered_in_any_way(story):
    meets(story, STARTS)
    passes_until(story, at(12, 1, 12))
    assert {effect.room for effect in story.done(SayPoll)} == {
        f"!chat-{n}" for n in ("ada", "ben", "mei")
    }
    assert "welcome" in story.votes(ADA, "maybe")[0].body
    story.says(BEN, "3")
    story.says(MEI, "yes")
    assert coming(story) == {ADA: "maybe", BEN: "no", MEI: "yes"}
    story.votes(ADA)
    assert ADA not in coming(story)
    for _ in range(50):
        story.votes(ADA, "yes")
        story.votes(ADA, "no")
    assert coming(story)[ADA] == "no"
    passes_until(story, at(12, 2))
    assert [len(reminded(story, user)) for user in (ADA, BEN, MEI)] == [1, 1, 2]
    assert "1 coming, 0 maybe" in reminded(story, MEI)[-1].body
    assert all(ADA not in h.body for h in story.heard)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("coming", "yes"),
        ("I am coming", "yes"),
        ("Coming maybe.", "maybe"),
        ("coming no", "no"),
        ("coming no willow", "no"),
        ("coming home was hard", None),
    ],
)
def test_words_do_at_any_time(story, text, answer):
    meets(story, STARTS)
    story.says(ADA, text)
    assert coming(story).get(ADA) == answer


def test_meetings_tells_how_many_come_and_how_to_say_it(story):
    meets(story, STARTS)
    assert "maybe." not in story.says(ADA, "meetings")[-1].body.partition("You are welcome")[0]
    story.says(BEN, "coming")
    story.says(MEI, "coming maybe")
    told = story.says(ADA, "meetings")[-1].body
    assert "So far: 1 coming, 1 maybe." in told
    assert "coming, coming maybe or coming no" in told
    assert BEN not in told


def test_german_words_too(story):
    meets(story, STARTS)
    story.says(ADA, "language de")
    assert "willkommen" in story.says(ADA, "komme vielleicht")[0].body
    story.says(ADA, "komme nicht")
    assert coming(story) == {ADA: "no"}


def test_with_several_meetings_it_asks_which(story):
    birch = small(story, ADA, code="BIRCH-2222", name="Birch")
    meets(story, STARTS)
    meets(story, STARTS + DAY, birch)
    asked = story.says(ADA, "coming maybe")[0].message
    assert len(asked.choices) == 2
    story.says(ADA, "2")
    [other] = [one for one in story.all(Progress) if one.coming]
    assert (other.group, dict(other.coming)) == (birch, {ADA: "maybe"})
    story.says(ADA, "coming no willow")
    assert coming(story) == {ADA: "no"}


def test_when_it_is_over_called_off_or_not_theirs_nothing_is_kept(story):
    assert "No meeting" in story.says(ADA, "coming")[0].body
    meeting = meets(story, STARTS)
    passes_until(story, at(12, 1, 12))
    polls = {h.room: h for h in story.heard if h.is_poll}
    story.says(BEN, "leave willow")
    assert "over" in story.votes(BEN, "yes", poll=polls["!chat-ben"])[0].body
    changes(story, meeting, cancelled=(STARTS,))
    assert "over" in story.votes(ADA, "yes", poll=polls["!chat-ada"])[0].body
    assert not coming(story)
    assert story.says(ZOE, "coming")[0].message.kind == "notice"


def test_after_the_meeting_the_question_is_closed_and_answers_are_discarded(story):
    meets(story, STARTS)
    passes_until(story, at(12, 1, 12))
    story.votes(ADA, "yes")
    passes_until(story, at(12, 1, 20, 30))
    polls = [h for h in story.heard if h.message.kind == "rsvp" and h.is_poll]
    poll = [h for h in polls if h.room == "!chat-ada"][-1]
    assert all(one.answered for one in story.person(ADA).asked if one.poll == poll.id)
    assert "over" in story.votes(ADA, "no", poll=poll)[0].body
    passes_until(story, at(12, 1, 23))
    assert not coming(story)


def test_whoever_goes_takes_their_answer_with_them(story):
    meets(story, STARTS)
    story.says(ADA, "coming")
    story.says(BEN, "coming")
    story.says(ADA, "leave willow")
    assert coming(story) == {BEN: "yes"}


def test_facilitators_see_numbers_only(story):
    group = story.records["group", GROUP]
    story.records["group", GROUP] = replace(
        group, charter=replace(group.charter, facilitators=(MEI,))
    )
    assert "No meeting" in story.says(MEI, "!coming")[0].body
    meets(story, STARTS)
    story.says(ADA, "coming")
    story.says(BEN, "coming no")
    told = story.says(MEI, "!coming")[0].body
    assert "1 yes, 0 maybe, 1 no" in told
    assert "@" not in told
    assert rsvp.counts(next(p for p in story.all(Progress) if p.coming)) == rsvp.Counts(1, 0, 1)


def test_a_note_after_a_missed_meeting_is_only_for_who_asked(story):
    for user in (ADA, BEN):
        story.says(user, "allow missed")
        story.says(user, "yes")
    meets(story, STARTS)
    story.says(BEN, "coming")
    passes_until(story, at(12, 3))
    notes = [h for h in story.heard if "has met" in h.body]
    assert [h.room for h in notes] == ["!chat-ada"]
    assert "Tuesday 8 December 2026" in notes[0].body
    assert "?" not in notes[0].body
    assert story.now.hour < 12
    passes_until(story, at(12, 30))
    assert len([h for h in story.heard if "has met" in h.body and h.room == "!chat-ada"]) == 1
    passes_until(story, datetime(2027, 1, 7, tzinfo=UTC))
    assert len([h for h in story.heard if "has met" in h.body and h.room == "!chat-ada"]) == 2


def test_tips_for_newcomers_count_and_wait_for_the_morning():
    story = Story(now=at(11, 23, 23))
    story.founds()
    story.passes_the_gate(MEI, tips=True)
    passes_until(story, at(11, 25, 7))
    assert not story.person(MEI).unasked
    passes_until(story, at(11, 25, 9))
    assert story.person(MEI).unasked == (at(11, 25, 8),)
    story.says(MEI, "snooze 1 week")
    passes_until(story, at(12, 2, 7))
    assert len(story.person(MEI).unasked) == 1
    passes_until(story, at(12, 4))
    assert len(story.person(MEI).unasked) == 2
    story.says(MEI, "off")
    assert not any(isinstance(event, TipDue) for _, event in story.timers.values())
    assert story.person(MEI).tips is None
