"""Polls of the keeper's: buttons or numbers, several at once, changes of mind, and the end."""

from typing import Any

import pytest

from appservice.domain import voting
from appservice.domain.asked import closed
from appservice.domain.effects import SayPoll
from appservice.domain.events import PollAnswered
from appservice.domain.person import Choice
from appservice.domain.turn import Ask, Ballot, Reply, Turn, in_chat
from appservice.domain.types import Assurance, CauseId, EffectId, EventId, Text, verbatim
from tests.support.story import ADA, BEN, Story, replace

FRUIT = ("apple", "pear", "plum")
CHOICES = tuple(Choice(name, verbatim(name), verbatim(name)) for name in FRUIT)


class Votes:
    """Takes answers as a part of the house does."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, ...]] = []

    def __call__(self, turn: Turn, _question: Any, choices: tuple[str, ...]) -> Any:
        self.taken.append(choices)
        return turn.silence()


@pytest.fixture
def votes(monkeypatch) -> Votes:
    taking = Votes()
    monkeypatch.setattr(voting, "_VOTES", {"fruit": taking})
    return taking


@pytest.fixture
def story(votes) -> Story:
    told = Story()
    told.founds()
    told.passes_the_gate(ADA)
    told.accepts(ADA)
    return told


def asks(story: Story, topic: str = "fruit 1", **ballot: Any) -> None:
    """Let a poll be asked, as a part of the house asks it."""
    about = PollAnswered(
        story.person(ADA).chat, ADA, EventId("$"), EffectId("none"), (), Assurance.SIGNED
    )
    cause = CauseId(f"cause-{story.causes}")
    turn = in_chat(story.state(about), cause, story.now)
    poll = Ballot("poll", Text("poll-number", {"last": 3}), **ballot)
    reply = Reply("poll", (), choices=CHOICES, ask=Ask(topic), poll=poll)
    outcome = turn.answer(reply)
    story.writes(outcome)
    for index, effect in enumerate(outcome.effects):
        story.performs(effect, EffectId(f"{cause}-{index}"))
    story.causes += 1


def test_a_poll_is_followed_by_the_same_in_plain_text(story):
    asks(story)
    poll, text = story.heard[-2:]
    assert poll.is_poll
    assert not text.is_poll
    assert [choice.id for choice in text.message.choices] == list(FRUIT)
    assert "No buttons? Reply 1 to 3." in text.body
    assert story.done(SayPoll)[0].most == 1


def test_buttons_numbers_and_words_are_taken(story, votes):
    asks(story)
    story.votes(ADA, "pear")
    story.says(ADA, "1")
    story.says(ADA, "Plum")
    story.votes(ADA)
    assert votes.taken == [("pear",), ("apple",), ("plum",), ()]


def test_a_reply_to_the_poll_or_its_text_names_it_beside_a_newer_question(story, votes):
    asks(story)
    poll, text = story.heard[-2:]
    story.says(ADA, "forget me")
    story.says(ADA, "2", reply_to=poll.id)
    story.says(ADA, "3", reply_to=text.id)
    assert votes.taken == [("pear",), ("plum",)]


def test_a_poll_stays_out_of_the_way_of_everything_else(story, votes):
    asks(story)
    assert story.says(ADA, "good evening")[0].message.kind == "program"
    assert "nothing" in story.says(ADA, "continue")[0].body.casefold() or story.heard
    assert votes.taken == []


def test_a_number_that_no_answer_has_meets_the_numbers_there_are(story, votes):
    asks(story)
    assert "1 to 3" in story.says(ADA, "7")[0].body
    assert votes.taken == []


def test_several_may_be_chosen_where_the_poll_says_so(story, votes):
    asks(story, most=2)
    assert "up to 2 numbers" in story.heard[-1].body
    story.says(ADA, "1, 3")
    story.says(ADA, "2 2")
    story.votes(ADA, "plum", "pear", "apple")  # MSC3381: the first ones count
    assert votes.taken == [("apple", "plum"), ("pear", "pear"), ("plum", "pear")]
    assert "up to 2 numbers" in story.says(ADA, "1 2 3")[0].body


def test_what_is_closed_or_unknown_is_told_and_not_taken(story, votes):
    asks(story)
    poll = story.heard[-2]
    assert story.votes(ADA, "stone")[0].message.kind == "not_understood"
    person = story.person(ADA)
    story.records["person", ADA] = replace(person, asked=closed(person.asked, "fruit 1", None))
    assert "over" in story.votes(ADA, "pear")[0].body
    assert "over" in story.says(ADA, "2")[0].body
    assert "over" in story.votes(ADA, "pear", poll=replace(poll, id="long-gone"))[0].body
    assert votes.taken == []


def test_nobody_else_and_nothing_unsure_counts(story, votes):
    asks(story)
    chat, poll = story.person(ADA).chat, story.heard[-2].id
    for user, assurance in ((BEN, Assurance.SIGNED), (ADA, Assurance.PLAIN)):
        event = PollAnswered(chat, user, EventId("$v"), poll, ("pear",), assurance)
        assert story.happens(event) == []
    unsigned = PollAnswered(chat, ADA, EventId("$v"), poll, ("pear",), Assurance.UNSIGNED)
    assert story.happens(unsigned) != []
    story.rooms[chat][BEN] = "join"
    story.inspects(chat)
    assert story.votes(ADA, "pear") == []
    assert votes.taken == []


def test_an_open_poll_outlives_many_other_questions(story, votes):
    asks(story)
    poll = story.heard[-2]
    for _ in range(20):
        story.says(ADA, "forget me")
        story.says(ADA, "no")
    story.votes(ADA, "pear", poll=poll)
    assert votes.taken == [("pear",)]
