"""Three tips for whoever is new, told as dialogues: once, stoppable, quiet if they do not fit."""

from datetime import timedelta

import pytest

from appservice.domain.events import TipDue
from appservice.domain.group import Group
from appservice.domain.orientation import TIPS
from appservice.domain.records import Care
from appservice.domain.types import Text
from tests.support.story import CODE, MEI, START, ZOE, Story, example, replace, words
from tests.texts.test_word_budget import count

GROUP = f"group-{CODE}"
WORDS_OF_A_TIP = 60


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.passes_the_gate(MEI, tips=True)
    return story


def hears_after(story, **span) -> list[str]:
    before = len(story.heard)
    story.passes(**span)
    return [h.body for h in story.heard[before:]]


def test_nothing_at_once_and_then_three_in_a_week(story):
    assert "three short tips" in story.hears("receipt").body
    assert hears_after(story, hours=23) == []
    [first] = hears_after(story, hours=2)
    assert "mute it" in first
    assert "stop tips" in first
    assert hears_after(story, days=1) == []
    [second] = hears_after(story, days=1)
    assert "contact" in second
    assert hears_after(story, days=3) == []
    [third] = hears_after(story, days=1)
    assert "/myroomnick" in third
    assert hears_after(story, days=400) == []
    assert story.person(MEI).tips is None


@pytest.mark.parametrize("word", ["stop tips", "stop", "off", "Stop tips!", "no prompts"])
def test_one_word_ends_them(story, word):
    hears_after(story, days=1)
    assert "no more tips" in story.says(MEI, word)[0].body
    assert not story.timers
    assert hears_after(story, days=30) == []


def test_they_can_be_ended_before_they_begin(story):
    story.says(MEI, "stop tips")
    assert hears_after(story, days=30) == []


def test_stop_ends_an_open_dialogue_before_it_ends_tips(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.says(MEI, "join BIRCH-2222")
    assert "forgotten your answers" in story.says(MEI, "stop")[0].body
    assert len(hears_after(story, days=1)) == 1


def test_a_sentence_is_no_end(story):
    assert story.says(MEI, "stop telling me what to do")[0].message.kind == "program"
    assert story.says(MEI, "off to bed now")[0].message.kind == "program"
    assert len(hears_after(story, days=1)) == 1


def test_once_in_a_life(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222", tips=True)
    assert "three short tips" not in story.hears("receipt").body
    assert [len(hears_after(story, days=1)) for _ in range(8)] == [1, 0, 1, 0, 0, 0, 1, 0]
    story.says(MEI, "leave willow")
    story.passes_the_gate(MEI, tips=True)
    assert "three short tips" not in story.hears("receipt").body
    assert hears_after(story, days=30) == []


def leaves(story):
    story.says(MEI, "leave")


def pauses(story):
    story.says(MEI, "pause 2 days")


def is_cared_for(story):
    story.records["care", MEI] = Care(MEI, START)


def moves(story):
    story.opens_chat(MEI, "second")


def is_crowded(story):
    room = story.person(MEI).chat
    story.rooms[room][ZOE] = "join"
    story.inspects(room)


def closes(story):
    story.records["group", GROUP] = replace(story.one(Group, GROUP), stage="closed")


@pytest.mark.parametrize("what", [leaves, pauses, is_cared_for, moves, is_crowded, closes])
def test_where_it_does_not_fit_there_is_silence(story, what):
    what(story)
    assert hears_after(story, days=1, hours=1) == []
    if what is pauses:
        story.says(MEI, "return")
    heard = len(story.heard)
    story.passes(days=30)
    assert len(story.heard) == heard


def test_a_clock_that_jumped_does_not_say_them_all_at_once(story):
    assert len(hears_after(story, days=12)) == 1
    assert hears_after(story, hours=23) == []
    assert len(hears_after(story, hours=2)) == 1


def test_after_a_month_it_is_too_late_to_be_useful(story):
    assert hears_after(story, days=31) == []
    assert hears_after(story, days=300) == []


def test_a_tip_of_another_time_is_not_said(story):
    story.says(MEI, "stop tips")
    event = TipDue(MEI, GROUP, 2, story.person(MEI).chat, story.now - timedelta(days=3))
    assert story.happens(event) == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("tip", TIPS)
def test_a_tip_is_short(language, tip):
    said = [words().say(Text(tip.key, {"group": "Willow"}), language)]
    said.append(words().say(Text("tips-off"), language))
    assert count("\n".join(said)) <= WORDS_OF_A_TIP


def test_in_german():
    story = Story()
    story.founds()
    story.says(MEI, "sprache de")
    story.passes_the_gate(MEI, tips=True)
    assert "Tipps" in story.hears("receipt").body
    assert "stopp tipps" in hears_after(story, days=1)[0]
    assert "Gut" in story.says(MEI, "stopp tipps")[0].body
