"""A first message in the circle without an answer, told as a story: only with the option."""

from dataclasses import replace
from datetime import timedelta

import pytest

from appservice.domain.decide import decide
from appservice.domain.effects import SeekAnswer
from appservice.domain.events import AnswerSought, CircleSpoke, NewcomerDue
from appservice.domain.newcomers import followed
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Consent, Newcomer
from appservice.domain.types import CauseId
from tests.support.story import ADA, BEN, CODE, MEI, START, Story, example

GROUP = f"group-{CODE}"
CIRCLE, TEAM = f"!circle-{GROUP}", f"!facilitators-{GROUP}"


def allows(story, user=MEI, *, on: bool = True) -> None:
    """Let somebody allow it, or take it back, by their words to the keeper."""
    if not on:
        story.says(user, "withdraw newcomer")
        return
    story.says(user, "allow newcomer")
    story.says(user, "yes")


def writes(story, user=MEI) -> list:
    return story.happens(CircleSpoke(CIRCLE, user, story.now))


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    for user in (ADA, MEI):
        story.passes_the_gate(user)
    story.unanswered = {MEI}
    return story


def told(story, **span) -> list[str]:
    before = len(story.heard)
    story.passes(**span)
    return [(h.room, h.body) for h in story.heard[before:]]


def test_after_six_hours_without_an_answer_the_facilitators_are_told_once(story):
    allows(story)
    story.passes(days=2)
    assert writes(story) == []
    assert told(story, hours=5, minutes=59) == []
    [(room, body)] = told(story, minutes=2)
    assert room == TEAM
    assert "Willow" in body
    assert MEI not in body
    assert not story.all(Newcomer)
    assert writes(story) == []
    assert told(story, days=40) == []


def test_with_an_answer_nobody_is_told(story):
    allows(story)
    writes(story)
    story.unanswered.clear()
    assert told(story, hours=7) == []
    assert not story.all(Newcomer)
    assert not story.timers


def test_without_the_option_nothing_is_kept_or_looked_at(story):
    assert not story.all(Newcomer)
    assert writes(story) == []
    assert told(story, days=1) == []
    assert not story.done(SeekAnswer)
    assert not story.timers


@pytest.mark.parametrize("wrote", [True, False])
def test_taking_the_option_back_forgets_it_at_once(story, wrote):
    allows(story)
    if wrote:
        writes(story)
    allows(story, on=False)
    assert not story.all(Newcomer)
    assert not story.timers
    assert told(story, hours=7) == []


def test_leaving_forgets_it_at_once(story):
    allows(story)
    writes(story)
    story.says(MEI, "leave")
    assert not story.all(Newcomer)
    assert f"newcomer {MEI} {GROUP}" not in story.timers


def test_more_of_their_own_words_are_no_answer_and_no_new_beginning(story):
    allows(story)
    writes(story)
    story.passes(hours=3)
    writes(story)
    assert story.all(Newcomer)[0].waiting == START
    assert len(told(story, hours=4)) == 1


def test_the_time_runs_from_when_it_was_written(story):
    """We may have been down: the homeserver's time counts, unless it lies ahead."""
    allows(story)
    story.passes(days=1)
    story.happens(CircleSpoke(CIRCLE, MEI, story.now - timedelta(hours=5)))
    assert len(told(story, hours=2)) == 1
    allows(story, on=False)
    allows(story)
    story.happens(CircleSpoke(CIRCLE, MEI, story.now + timedelta(days=500)))
    assert len(told(story, hours=7)) == 1


def test_whoever_writes_nothing_for_a_month_is_new_no_more(story):
    allows(story)
    assert told(story, days=31) == []
    assert not story.all(Newcomer)
    assert not story.timers


def test_a_facilitator_is_no_newcomer(story):
    allows(story, ADA)
    assert not story.all(Newcomer)


def test_it_is_looked_at_again(story):
    allows(story)
    writes(story)
    assert story.happens(NewcomerDue(MEI, GROUP)) == []  # too early
    assert story.happens(AnswerSought(BEN, GROUP, answered=False)) == []
    consent = story.consents(MEI)[0]
    story.records["consent", consent.key] = replace(consent, options=())  # as from a backup
    assert told(story, hours=7) == []
    assert not story.all(Newcomer)


def test_in_a_small_group_it_goes_to_private_chats():
    story = Story()
    story.founds(example("small"))
    for user in (ADA, MEI):
        story.passes_the_gate(user)
    allows(story)
    story.unanswered = {MEI}
    writes(story)
    assert [room for room, _ in told(story, hours=7)] == [story.person(ADA).chat]


def test_it_follows_from_any_rule_that_changes_a_consent(story):
    allows(story)
    event = NewcomerDue(MEI, GROUP)
    assert decide(story.state(event), event, CauseId("c"), START).drops == ()
    gone = Outcome(drops=tuple(c for c in story.all(Consent) if c.user == MEI))
    dropped = followed(story.state(event), gone, START).drops
    assert [record.key for record in dropped] == [record.key for record in story.all(Newcomer)]
    assert followed(story.state(event), NOTHING, START) == NOTHING


def test_the_card_names_it_before_anybody_decides(story):
    assert "no one answers for six hours" in story.says(BEN, f"join {CODE}")[0].body
    assert "six hours" in story.says(MEI, "privacy")[0].body
