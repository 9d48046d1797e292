"""Feedback after a meeting told as stories: asked, answered, counted, and gone."""

from datetime import UTC, datetime, timedelta

import pytest

from appservice.domain.effects import Quote
from appservice.domain.events import GroupDue, MeetingDue, PromptDue
from appservice.domain.feedback.records import Feedback, NoFeedback
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.types import Matter, Prompt, UserId
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
TEAM = f"!facilitators-{GROUP}"
WAS = datetime(2026, 11, 24, 18, 0)
ENDS = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)


def told(count: int, **charter) -> tuple[Story, list[UserId]]:
    """A meeting that so many members said they come to."""
    story = Story()
    story.founds(
        replace(example(), **{"facilitators": (ADA, BEN), "zone": "Europe/London", **charter})
    )
    users = [UserId(f"@m{n:02}:example.org") for n in range(count)]
    story.lets_in(ADA, BEN, MEI, *users)
    meeting = Meeting(GROUP, 1, WAS, "Europe/London", 60)
    coming = {**dict.fromkeys(users, "yes"), MEI: "no"}
    for record in (meeting, Progress(GROUP, 1, WAS, coming=coming)):
        story.records[record.kind, record.key] = record
    story.happens(MeetingDue(GROUP, 1))
    return story, users


def asked(heard: list) -> list:
    return [one for one in heard if one.is_poll and one.message.kind == "feedback_ask"]


def results(heard: list) -> list:
    return [one for one in heard if one.message.kind == "result"]


def answers(story: Story, user: UserId, *given: str) -> None:
    for answer in given:
        story.votes(user, answer)


def after(story: Story) -> list:
    return story.until(ENDS + timedelta(minutes=20))


def test_who_said_that_they_come_is_asked_ten_minutes_after_the_end():
    story, users = told(3)
    assert not asked(story.until(ENDS + timedelta(minutes=9)))
    heard = asked(after(story))
    assert sorted(one.room for one in heard) == [story.person(user).chat for user in users]
    assert all("I felt safe" in one.body for one in heard)
    assert story.person(users[0]).unasked == (story.person(users[0]).unasked[0],)


def test_who_spoke_is_asked_too_and_nobody_twice():
    story, users = told(2)
    story.until(ENDS - timedelta(minutes=50))
    for user in (MEI, users[0]):
        story.says(user, "hand")
        story.says(ADA, "!next")
    assert not asked(story.until(ENDS + timedelta(minutes=9)))
    rooms = sorted(one.room for one in asked(after(story)))
    assert rooms == sorted(story.person(user).chat for user in (MEI, *users))


def test_the_questions_come_one_by_one_and_end_with_thanks():
    story, users = told(1)
    after(story)
    assert "I felt heard" in story.votes(users[0], "agree-it")[0].body
    assert "useful" in story.says(users[0], "2")[0].body
    last = story.votes(users[0], "not")[0].message
    assert (last.kind, last.choices) == ("feedback", ())
    own = story.all(Feedback)[0].answers[users[0]]
    assert own == {"safe": "agree-it", "heard": "partly", "useful": "not"}


def test_a_change_of_mind_counts_and_asks_nothing_again():
    story, users = told(1)
    safe = asked(after(story))[0]
    answers(story, users[0], "agree-it", "agree-it", "agree-it")
    assert story.votes(users[0], "not", poll=safe) == []
    assert story.all(Feedback)[0].answers[users[0]]["safe"] == "not"
    assert story.votes(users[0], poll=safe) == []
    assert "safe" not in story.all(Feedback)[0].answers[users[0]]


@pytest.mark.parametrize(("whole", "shown"), [(4, False), (5, True)])
def test_totals_are_told_of_five_who_answered_everything(whole, shown):
    story, users = told(6)
    after(story)
    for user in users[:whole]:
        answers(story, user, "agree-it", "partly", "agree-it")
    answers(story, users[5], "not")  # and no more
    heard = results(story.until(ENDS + timedelta(days=3, minutes=1)))
    assert [one.room for one in heard] == [TEAM] * shown
    if shown:
        assert heard[0].body.count("5 people answered") == 3
        assert "Not so" not in heard[0].body
    assert not story.all(Feedback)
    over = [one.body for one in story.votes(users[5], "agree-it")]
    assert over == ["This vote is over. Your answer was not counted."]


def test_it_is_counted_once_and_after_a_restore_not_at_all():
    story, users = told(5)
    after(story)
    for user in users:
        answers(story, user, "agree-it", "partly", "agree-it")
    before = dict(story.records)
    story.now = ENDS + timedelta(days=3)
    assert len(results(story.happens(GroupDue(GROUP, Matter.FEEDBACK)))) == 1
    assert not results(story.happens(GroupDue(GROUP, Matter.FEEDBACK)))
    story.records, story.restored = before, True
    assert not results(story.happens(GroupDue(GROUP, Matter.FEEDBACK)))
    assert not story.all(Feedback)


def test_nobody_is_asked_twice():
    story, users = told(1)
    after(story)
    about = story.all(Feedback)[0].about
    assert not asked(story.happens(PromptDue(users[0], GROUP, Prompt.FEEDBACK, about)))


@pytest.mark.parametrize("words", ["feedback off", "pause 2 weeks", "leave"])
def test_who_wants_none_or_is_away_is_left_in_peace(words):
    story, users = told(2)
    story.says(users[0], words)
    assert [one.room for one in asked(after(story))] == [story.person(users[1]).chat]


def test_they_can_be_asked_again():
    story, users = told(1)
    story.says(users[0], "feedback off")
    assert story.all(NoFeedback)
    story.says(users[0], "feedback on")
    assert asked(after(story))


def test_a_group_can_do_without():
    story, _ = told(2)
    assert story.says(ADA, "!feedback maybe")[0].message.kind == "refusal"
    story.says(ADA, "!feedback off", room=TEAM)
    assert not asked(after(story))
    assert "nothing" in story.says(ADA, "!feedback")[0].body


def test_a_day_of_downtime_drops_it_and_night_delays_it():
    story, _ = told(1)
    story.now = ENDS + timedelta(days=1)
    assert not asked(story.until(story.now + timedelta(minutes=30)))
    story, _ = told(1)
    story.now = ENDS + timedelta(hours=4)  # eleven at night
    assert not asked(story.until(story.now + timedelta(hours=8)))
    assert asked(story.until(story.now + timedelta(hours=2)))


def test_who_has_had_five_messages_this_week_is_not_asked():
    story, users = told(1)
    person = story.person(users[0])
    story.records["person", users[0]] = replace(person, unasked=(story.now,) * 5)
    assert not asked(after(story))


def test_who_leaves_takes_their_answers_along():
    story, users = told(2)
    after(story)
    answers(story, users[0], "agree-it", "partly", "agree-it")
    story.says(users[0], "leave")
    assert not story.all(Feedback)[0].answers


def test_a_line_without_a_name_goes_to_facilitators_after_a_yes_and_is_kept_nowhere():
    story, _ = told(0)
    preview = story.says(MEI, "feedback Let us begin with kanari.")
    assert [choice.id for choice in preview[0].message.choices] == ["yes", "no"]
    heard = story.says(MEI, "yes")
    assert [one.room for one in heard] == [TEAM, "!chat-mei"]
    assert MEI not in heard[0].body
    assert "cannot say when" in heard[1].body
    assert [one.skip for one in story.done(Quote)] == [1]
    assert "kanari" not in repr(story.records)
