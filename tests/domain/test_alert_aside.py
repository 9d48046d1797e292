"""An alert that comes in the middle of other questions leaves their numbers alone."""

import pytest

from appservice.domain.asked import BUSY
from appservice.domain.cases.case import About
from appservice.domain.flags.asking import UNDISTURBED, is_flag
from tests.domain.case_story import CaseStory, bodies, told
from tests.support.story import ADA, MEI, Heard, words

ASIDE = "a number still goes there"


@pytest.fixture
def story() -> CaseStory:
    return told()


def alarmed(story: CaseStory) -> Heard:
    """Let a case wait, and return what Ada reads of it."""
    before = len(story.heard)
    story.raises(MEI, About.OTHER)
    chat = story.person(ADA).chat
    return next(h for h in story.heard[before:] if h.room == chat)


def flag_of(story: CaseStory):
    open_ones = [one for one in story.person(ADA).asked if is_flag(one) and not one.answered]
    return open_ones[-1].flag if open_ones else None


def test_a_number_goes_on_with_the_flag_and_does_not_take_the_case(story):
    story.says(ADA, "flag")
    alert = alarmed(story)
    assert ASIDE in alert.body
    assert "!take 1: I take it" in alert.body
    assert "\n1: " not in alert.body
    story.says(ADA, "2")
    assert flag_of(story).about is About.OTHER
    story.says(ADA, "1")
    assert flag_of(story).urgent
    assert story.case(1).owner is None
    story.says(ADA, "!take 1")
    assert story.case(1).owner == ADA
    assert flag_of(story).urgent, "the flag waits for its next answer"
    story.says(ADA, "continue")
    assert "facilitator" in story.heard[-1].body


@pytest.mark.parametrize("word", ["take it", "I take it", "C-1", "take 1", "!take C-1"])
def test_words_take_it(story, word):
    story.says(ADA, "flag")
    alarmed(story)
    story.says(ADA, word)
    assert story.case(1).owner == ADA
    assert flag_of(story) is not None


def test_so_does_a_reply_with_a_number(story):
    story.says(ADA, "flag")
    alert = alarmed(story)
    story.says(ADA, "1", reply_to=alert.id)
    assert story.case(1).owner == ADA
    assert flag_of(story).about is None


def test_what_a_program_may_send_is_a_word_that_takes_it(story):
    story.says(ADA, "flag")
    (choice,) = alarmed(story).message.choices
    story.says(ADA, words().say(choice.reply, "en"))
    assert story.case(1).owner == ADA


def test_a_question_that_passes_is_still_open_after_the_alert(story):
    story.says(ADA, "forget me")
    alarmed(story)
    heard = story.says(ADA, "3")
    assert "stays as it is" in bodies(heard)
    assert story.case(1).owner is None


@pytest.mark.parametrize("said", ["hello there you", "help"])
def test_the_way_to_a_person_is_only_offered(story, said):
    story.says(ADA, said)
    assert ASIDE not in alarmed(story).body
    story.says(ADA, "1")
    assert story.case(1).owner == ADA


@pytest.mark.parametrize("said", ["flag", "forget me", "help", "my flags"])
def test_whoever_is_woken_takes_it_by_one(story, said):
    """What was left open in the evening is nothing that somebody is in the middle of."""
    story.says(ADA, said)
    story.now += max(BUSY, UNDISTURBED)
    alert = alarmed(story)
    assert ASIDE not in alert.body
    assert "1: I take it" in alert.body
    story.says(ADA, "1")
    assert story.case(1).owner == ADA


def test_two_alerts_are_not_in_the_middle_of_each_other(story):
    alarmed(story)
    assert ASIDE not in alarmed(story).body
    story.says(ADA, "1")
    assert story.case(2).owner == ADA


def test_asked_again_it_is_taken_by_a_number(story):
    story.says(ADA, "forget me")
    alarmed(story)
    story.says(ADA, "no")
    story.says(ADA, "continue")
    story.says(ADA, "1")
    assert story.case(1).owner == ADA


def test_after_the_flag_a_number_that_comes_twice_takes_nothing(story):
    story.says(ADA, "flag")
    alarmed(story)
    story.says(ADA, "stop")
    story.says(ADA, "1")
    assert story.case(1).owner is None
    story.says(ADA, "C-1")
    assert story.case(1).owner == ADA


def test_in_german(story):
    story.says(ADA, "language de")
    story.says(ADA, "melden")
    alert = alarmed(story)
    assert "!nehmen 1: Ich übernehme" in alert.body
    story.says(ADA, "!nehmen 1")
    assert story.case(1).owner == ADA
