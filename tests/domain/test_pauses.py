"""A pause by one's own wish, told as dialogues: begun, seen, ended by a word or by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from appservice.domain.effects import SetPowers
from appservice.domain.events import PauseEnded
from appservice.domain.group import Group
from appservice.domain.records import Care, PauseReason
from tests.support.story import ADA, CODE, MEI, START, Story, example, replace

GROUP, BIRCH = f"group-{CODE}", "group-BIRCH-2222"
CIRCLE = f"!circle-{GROUP}"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.passes_the_gate(MEI)
    return story


@pytest.fixture
def two(story) -> Story:
    """Somebody in two groups."""
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    return story


def power(story, circle=CIRCLE) -> int:
    return story.room_state[circle]["m.room.power_levels"]["users"].get(MEI, 0)


def pauses(story, group=GROUP) -> tuple:
    return next(c for c in story.consents(MEI) if c.group == group).pauses


def test_a_pause_begins_at_once_and_ends_by_the_clock(story):
    told = story.says(MEI, "pause 2 weeks")[0]
    assert told.message.kind == "paused"
    assert "2026-12-07" in told.body
    assert "Others can see" in told.body
    assert power(story) == -1
    story.passes(days=13, hours=23)
    assert power(story) == -1
    heard = len(story.heard)
    story.passes(hours=2)
    assert [h.message.kind for h in story.heard[heard:]] == ["resumed"]
    assert power(story) == 0
    assert not pauses(story)
    assert story.consents(MEI)[0].pause_ends is None
    story.passes(days=400)
    assert len(story.heard) == heard + 1


def test_one_word_ends_it_sooner(story):
    story.says(MEI, "pause 1 month")
    assert story.says(MEI, "return")[0].message.kind == "resumed"
    assert power(story) == 0
    assert not story.timers
    assert story.says(MEI, "return")[0].message.kind == "notice"


@pytest.mark.parametrize(
    ("text", "days"), [("1", 7), ("2 weeks", 14), ("until I say so", 184), ("ten days", None)]
)
def test_pause_alone_asks_how_long(story, text, days):
    asked = story.says(MEI, "pause")[0].message
    assert [choice.id for choice in asked.choices] == ["week", "weeks", "open"]
    story.says(MEI, text)
    ends = story.consents(MEI)[0].pause_ends
    assert ends == (START + timedelta(days=days) if days else None)


def test_another_time_than_those_offered_is_an_answer_too(story):
    story.says(MEI, "pause")
    story.says(MEI, "10 days")
    assert story.consents(MEI)[0].pause_ends == START + timedelta(days=10)


def test_another_end_takes_the_place_of_the_first(story):
    story.says(MEI, "pause 1 week")
    before = len(story.done(SetPowers))
    story.says(MEI, "pause 3 weeks")
    assert len(story.done(SetPowers)) == before
    story.passes(days=8)
    assert power(story) == -1
    story.passes(days=14)
    assert power(story) == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pause until 2026-11-01", "refusal"),
        ("pause 0 days", "not_understood"),
        ("pause 7 months", "refusal"),
        ("pause 999 months", "refusal"),
        ("pause until tomorrow", "not_understood"),
        ("pause 3 fortnights", "not_understood"),
        ("pause until 2026-13-45", "not_understood"),
        ("pause my whole life", "program"),
    ],
)
def test_what_is_no_span_changes_nothing(story, text, kind):
    assert [h.message.kind for h in story.says(MEI, text)] == [kind]
    assert not pauses(story)
    assert not story.timers


def test_who_is_in_no_group_has_nothing_to_pause():
    story = Story()
    assert story.says(MEI, "pause 2 weeks")[0].message.kind == "notice"
    assert story.says(MEI, "return")[0].message.kind == "notice"


@pytest.mark.parametrize(
    ("answer", "paused"), [("1", {GROUP}), ("birch", {BIRCH}), ("all", {GROUP, BIRCH})]
)
def test_with_two_groups_it_asks_which(two, answer, paused):
    asked = two.says(MEI, "pause 2 weeks")[0].message
    assert [choice.id for choice in asked.choices] == ["Willow", "Birch", "all-groups"]
    two.passes(hours=3)  # the time runs from the wish on
    two.says(MEI, answer)
    assert {c.group for c in two.consents(MEI) if c.pauses} == paused
    ends = {c.pause_ends for c in two.consents(MEI) if c.pauses}
    assert ends == {START + timedelta(days=14)}


@pytest.mark.parametrize("text", ["pause birch 2 weeks", "pause 2 weeks Birch"])
def test_a_group_can_be_named_with_it(two, text):
    two.says(MEI, text)
    assert not pauses(two)
    assert pauses(two, BIRCH)


def test_how_long_and_then_where(two):
    two.says(MEI, "pause")
    two.says(MEI, "2")
    assert "which group" in two.hears("notice").body
    two.says(MEI, "1")
    assert pauses(two) == (PauseReason.OWN,)


def test_all_of_them_come_back_together(two):
    two.says(MEI, "pause all 2 weeks")
    asked = two.says(MEI, "return")[0].message
    assert [choice.id for choice in asked.choices] == ["Willow", "Birch", "all-groups"]
    two.says(MEI, "3")
    assert not any(c.pauses for c in two.consents(MEI))
    assert not two.timers


def test_leaving_ends_it_and_its_timer(story):
    story.says(MEI, "pause 2 weeks")
    story.says(MEI, "leave")
    assert f"pause {MEI} {GROUP}" not in story.timers
    assert story.one(Group, GROUP).muted == ()
    story.passes_the_gate(MEI)
    assert not pauses(story)


def test_a_clock_that_jumped_over_the_end_says_it_once(story):
    story.says(MEI, "pause 1 week")
    heard = len(story.heard)
    story.passes(days=300)
    story.happens(PauseEnded(MEI, GROUP))
    assert [h.message.kind for h in story.heard[heard:]] == ["resumed"]


def test_an_end_that_came_too_early_waits(story):
    story.says(MEI, "pause 2 weeks")
    assert story.happens(PauseEnded(MEI, GROUP)) == []
    assert power(story) == -1
    story.passes(days=15)
    assert power(story) == 0


def test_whoever_owes_a_yes_to_the_rules_stays_paused(story):
    story.passes_the_gate(ADA)
    publish(story)
    story.says(MEI, "pause 3 weeks")
    story.passes(days=7)
    story.passes(days=6)
    story.passes(days=2)  # the deadline of the rules
    assert set(pauses(story)) == {PauseReason.OWN, PauseReason.RULES}
    story.passes(days=7)
    assert "agree to the new rules" in story.hears("resumed", story.person(MEI).chat).body
    assert power(story) == -1
    story.says(MEI, "return")
    story.says(MEI, "I agree to the rules")
    assert power(story) == 0


def test_the_word_back_does_not_stand_for_a_yes_to_the_rules(story):
    story.passes_the_gate(ADA)
    publish(story)
    story.says(MEI, "pause 2 months")
    for days in (7, 6, 2):
        story.passes(days=days)
    told = story.says(MEI, "return")[0]
    assert "agree to the new rules" in told.body
    assert "write again" not in told.body
    assert pauses(story) == (PauseReason.RULES,)
    assert power(story) == -1


def test_an_open_care_case_changes_nothing_of_ones_own_pause(story):
    story.records["care", MEI] = Care(MEI, START)
    story.says(MEI, "pause 1 week")
    assert power(story) == -1
    story.passes(days=8)
    assert power(story) == 0


def test_in_german():
    story = Story()
    story.founds()
    story.says(MEI, "sprache de")
    story.passes_the_gate(MEI)
    assert "2026-12-07" in story.says(MEI, "pause 2 wochen")[0].body
    assert story.says(MEI, "zurück")[0].message.kind == "resumed"
    assert "2027-01-31" in story.says(MEI, "pause bis 31.1.2027")[0].body
    ends = story.consents(MEI)[0].pause_ends
    assert ends == datetime(2027, 1, 31, tzinfo=UTC)


def publish(story) -> None:
    """Let a facilitator publish a major change of the rules."""
    story.says(ADA, "!rules propose 11. Tea: We have tea first.")
    story.says(ADA, "!rules propose de 11. Tee: Wir trinken erst Tee.")
    story.says(ADA, "!rules why We like tea.")
    story.says(ADA, "!rules publish major")
    assert story.one(Group, GROUP).change is not None
