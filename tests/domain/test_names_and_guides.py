"""What a display name gives away is told once, kindly; and how things are done in each app."""

import pytest

from appservice.domain.application import Application
from appservice.domain.commands.guide import GUIDES
from appservice.domain.events import DeviceTrusted
from appservice.domain.types import Assurance, Audience, NameTells
from appservice.texts import TextRenderer
from tests.support.story import CODE, MEI, Story, words
from tests.texts.test_word_budget import count

WORDS_OF_A_GUIDE = 120


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    return story


@pytest.mark.parametrize(
    ("tells", "said"),
    [
        (NameTells.EMAIL, "an e-mail address"),
        (NameTells.PHONE, "a phone number"),
        (NameTells.FULL, "a full name"),
    ],
)
def test_a_telling_name_is_told_once_in_the_first_message(story, tells, said):
    story.names[MEI] = tells
    first = story.says(MEI, f"join {CODE}")
    assert [h.message.step for h in first] == ["1/7"]
    assert said in first[0].body
    assert said not in story.says(MEI, "continue")[0].body
    assert said not in story.says(MEI, "language en")[0].body
    story.says(MEI, "stop")
    assert said in story.says(MEI, f"join {CODE}")[0].body


def test_any_other_name_is_nobodys_business(story):
    assert "your name in the app" not in story.says(MEI, f"join {CODE}")[0].body


def test_a_name_that_was_changed_is_told_no_more(story):
    story.names[MEI] = NameTells.FULL
    room = story.opens_chat(MEI)
    story.names[MEI] = NameTells.NOTHING
    story.inspects(room)
    assert story.person(MEI).name_tells is NameTells.NOTHING
    assert "full name" not in story.says(MEI, f"join {CODE}")[0].body


def test_it_is_told_where_the_gate_goes_on_by_itself(story):
    story.names[MEI] = NameTells.FULL
    story.says(MEI, f"join {CODE}", assurance=Assurance.UNSIGNED, has_signed_device=False)
    assert "full name" in story.happens(DeviceTrusted(MEI))[0].body
    assert story.of(Application, MEI)[0].name_told


def test_the_guides_are_listed(story):
    listed = story.says(MEI, "guide")[0]
    assert listed.message.kind == "notice"
    for name in ("guide element", "guide element x", "guide fluffychat", "guide names"):
        assert name in listed.body
    assert story.says(MEI, "guide nothing")[0].body in listed.body


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_one_message_of_few_words(language, name):
    said = words().say(GUIDES[name], language)
    assert 40 < count(said) <= WORDS_OF_A_GUIDE


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("guide element", "Element, in the browser"),
        ("guide Element X", "Element X, on a phone"),
        ("guide fluffychat", "FluffyChat"),
        ("guide names", "Pick a name"),
    ],
)
def test_a_guide_is_shown_on_any_device(story, text, begins):
    for assurance in (Assurance.UNSIGNED, Assurance.SIGNED):
        heard = story.says(MEI, text, assurance=assurance)
        assert [h.message.audience for h in heard] == [Audience.ALL]
        assert begins in heard[0].body
    assert story.says(MEI, text, assurance=Assurance.PLAIN) == []


def test_whoever_must_verify_first_reads_of_it(story):
    told = story.says(MEI, f"join {CODE}", assurance=Assurance.UNSIGNED, has_signed_device=False)
    assert "write guide" in told[0].body


def test_a_sentence_is_no_guide(story):
    assert story.says(MEI, "guide me through this night please")[0].message.kind == "program"


def test_a_guide_leaves_the_open_question_open(story):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "guide element")
    assert story.says(MEI, "1")[0].message.step == "2/7"


def test_in_german(story):
    story.says(MEI, "sprache de")
    story.names[MEI] = NameTells.PHONE
    story.inspects(story.person(MEI).chat)
    assert "eine Telefonnummer" in story.says(MEI, f"beitreten {CODE}")[0].body
    assert "Verschlüsselung" in story.says(MEI, "anleitung element x")[0].body


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_gate_keeps_its_word_budget_with_it(language):
    story = Story()
    story.founds()
    story.names[MEI] = NameTells.EMAIL
    story.says(MEI, f"language {language}")
    story.heard.clear()
    story.passes_the_gate(MEI)
    assert len(story.heard) == 7
    assert sum(count(TextRenderer(words()).body(h.message)) for h in story.heard) <= 800
