"""Numbers that run out: who is told, how often, and that the group stays open."""

import pytest

from appservice.domain.effects import TellOperator
from appservice.domain.group import Group
from appservice.domain.numbers import Numbers
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
TEAM = f"!facilitators-{GROUP}"
OLD = Numbers(waiting=("emergency number 999",))


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds(replace(example(), limits_every=0))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    story.accepts(ADA)
    story.accepts(BEN)
    story.accepts(MEI)
    story.passes(days=8)
    story.says(ADA, "!on")
    return story


def told(story: Story) -> int:
    keys = [effect.text.key for effect in story.done(TellOperator)]
    return keys.count("operator-look-at-numbers")


def runs_out(story: Story, numbers: Numbers = OLD) -> None:
    story.house = replace(story.house, helplines={**story.house.helplines, "GB": numbers})


def test_fresh_numbers_are_no_news(story):
    assert story.looks(GROUP) == []
    assert told(story) == 0


def test_numbers_that_ran_out_are_told_each_week_and_the_group_stays_open(story):
    runs_out(story)
    heard = story.looks(GROUP)
    assert [one.room for one in heard] == [TEAM]
    assert "help can not show" in heard[0].body
    assert told(story) == 1
    story.passes(days=6)
    assert story.looks(GROUP) == []
    story.passes(days=1)
    story.says(ADA, "!on")
    assert [one.room for one in story.looks(GROUP)] == [TEAM]
    assert told(story) == 2
    assert story.one(Group, GROUP).stage == "open"


def test_ageing_numbers_are_the_operators_alone(story):
    fresh = story.house.helplines["GB"]
    runs_out(story, replace(fresh, ageing=("Samaritans 116 123",)))
    assert story.looks(GROUP) == []
    assert told(story) == 1
    assert "116 123" in str(story.done(TellOperator)[-1].facts)


def test_the_operator_hears_of_a_country_once_however_many_groups_it_has(story):
    other = story.founds(replace(example(), name="Birch", limits_every=0), code="BIRCH-2222")
    story.passes(days=8)
    runs_out(story)
    story.looks(GROUP)
    story.looks(other)
    assert told(story) == 1


def test_a_new_group_and_a_draft_hear_nothing_yet():
    story = Story()
    group = story.founds(replace(example(), limits_every=0))
    runs_out(story)
    story.passes(days=6)
    story.looks(group)
    assert told(story) == 0
    draft = story.founds(replace(example(), name="Birch"), code="BIRCH-2222", is_open=False)
    story.passes(days=20)
    story.looks(draft)
    assert told(story) == 0


def test_a_clock_that_was_wrong_silences_nobody(story):
    runs_out(story)
    story.looks(GROUP)
    story.now = story.now.replace(year=2025)
    assert [one.room for one in story.looks(GROUP)] == [TEAM]
    assert told(story) == 2
