"""One word back for whoever was taken out by the clock, told as dialogues."""

import pytest

from appservice.domain.application import Application
from appservice.domain.effects import Admit
from appservice.domain.group import Group
from appservice.domain.records import Care
from tests.support.story import ADA, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
CIRCLE = f"!circle-{GROUP}"


@pytest.fixture
def story() -> Story:
    """Mei did not agree to the new rules in time, and was taken out."""
    story = Story()
    story.founds()
    story.lets_in(ADA, MEI)
    publish(story)
    story.says(ADA, "I agree to the rules")
    for days in (7, 6, 2, 31):
        story.passes(days=days)
    assert not story.consents(MEI)
    assert MEI not in story.rooms[CIRCLE]
    return story


def publish(story, number: int = 11) -> None:
    story.says(ADA, f"!rules propose {number}. Tea: We have tea first.")
    story.says(ADA, f"!rules propose de {number}. Tee: Wir trinken erst Tee.")
    story.says(ADA, "!rules why We like tea.")
    story.says(ADA, "!rules publish major")


def test_one_word_shows_what_changed_and_asks_for_both_sentences(story):
    asked = story.says(MEI, "return")[0]
    assert (asked.message.kind, asked.message.step) == ("statement", "5/7")
    assert "11. Tea: We have tea first." in asked.body
    assert "We like tea." in asked.body
    assert "Confidential" not in asked.body  # what reads as before is not said again
    story.says(MEI, "I agree to the rules")
    assert story.hears("statement").message.step == "6/7"
    assert not story.consents(MEI)
    before = len(story.done(Admit))
    story.says(MEI, "I consent")
    assert story.hears("receipt")
    consent = story.consents(MEI)[0]
    assert consent.rules_version == "2.0.0"
    assert not consent.removed_for_rules
    assert len(story.done(Admit)) == before + 1
    assert story.rooms[CIRCLE][MEI] == "invite"
    assert [e.given for e in story.entries if e.user == MEI] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    assert not story.of(Application, MEI)


def test_the_age_is_asked_only_if_the_group_is_for_older_people_now(story):
    group = story.one(Group, GROUP)
    charter = replace(group.charter, minimum_age=group.charter.minimum_age + 3)
    story.records["group", GROUP] = replace(group, charter=charter)
    assert story.says(MEI, "return")[0].message.kind == "age"
    assert story.says(MEI, "yes")[0].message.step == "5/7"


def test_whoever_is_too_young_by_now_is_not_asked_again_the_same_day(story):
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, charter=replace(group.charter, minimum_age=21))
    story.says(MEI, "return")
    assert story.says(MEI, "no")[0].message.kind == "declined"
    assert story.says(MEI, "return")[0].message.kind == "declined"
    assert not story.of(Application, MEI)


def test_it_is_the_rules_as_they_are_at_the_end(story):
    story.says(MEI, "return")
    publish(story, 12)
    again = story.says(MEI, "I agree to the rules")[0]
    assert again.message.step == "5/7"
    assert "12. Tea" in again.body
    story.says(MEI, "I agree to the rules")
    story.says(MEI, "I consent")
    assert story.consents(MEI)[0].rules_version == "3.0.0"


def test_another_language_on_the_way(story):
    story.says(MEI, "return")
    assert "11. Tee" in story.says(MEI, "language de")[0].body
    story.says(MEI, "Ich stimme den Regeln zu")
    story.says(MEI, "Ich willige ein")
    assert story.consents(MEI)[0].language == "de"


def test_the_word_again_goes_on_where_it_was(story):
    story.says(MEI, "return")
    story.says(MEI, "I agree to the rules")
    assert story.says(MEI, "return")[0].message.step == "6/7"
    assert story.says(MEI, "continue")[0].message.step == "6/7"
    story.says(MEI, "stop")
    assert not story.of(Application, MEI)
    assert story.says(MEI, "return")[0].message.step == "5/7"


def test_a_full_group_says_so(story):
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, charter=replace(group.charter, capacity=1))
    assert [h.message.kind for h in story.says(MEI, "return")] == ["refusal"]
    assert not story.of(Application, MEI)


def test_the_facilitators_had_their_word_before(story):
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, charter=replace(group.charter, approval=True))
    story.says(MEI, "return")
    story.says(MEI, "I agree to the rules")
    story.says(MEI, "I consent")
    assert story.consents(MEI)


@pytest.mark.parametrize("stage", ["closed", "draft"])
def test_a_group_that_takes_nobody_in_says_so(story, stage):
    story.records["group", GROUP] = replace(story.one(Group, GROUP), stage=stage)
    told = story.says(MEI, "return")
    assert [h.message.kind for h in told] == ["refusal"]
    assert not story.of(Application, MEI)


def test_after_ninety_days_the_code_is_needed(story):
    story.passes(days=87)
    assert story.says(MEI, "return")[0].message.kind == "statement"
    story.says(MEI, "stop")
    story.passes(days=4)
    told = story.says(MEI, "return")
    assert [h.message.kind for h in told] == ["notice"]
    assert not story.of(Application, MEI)
    story.passes_the_gate(MEI)
    assert story.consents(MEI)


def test_where_the_record_is_still_there_it_says_so(story):
    story.records["care", MEI] = Care(MEI, story.now)
    story.passes(days=91)
    assert "90 days" in story.says(MEI, "return")[0].body


def test_whoever_left_by_themselves_comes_back_by_the_code():
    story = Story()
    story.founds()
    story.passes_the_gate(MEI)
    story.says(MEI, "leave")
    assert "90 days" not in story.says(MEI, "return")[0].body
    assert not story.of(Application, MEI)


def test_a_sentence_is_no_way_back(story):
    assert story.says(MEI, "return to sender")[0].message.kind == "program"
    assert not story.of(Application, MEI)


def test_with_a_pause_elsewhere_it_asks_which(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, "pause 1 week")
    asked = story.says(MEI, "return")[0].message
    assert [choice.id for choice in asked.choices] == ["Birch", "Willow"]
    assert story.says(MEI, "willow")[0].message.step == "5/7"
    assert story.says(MEI, "return birch")[0].message.kind == "resumed"
