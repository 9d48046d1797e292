"""The emergency brake: a ban by a facilitator's app, looked at by a second person within a day."""

import pytest

from appservice.domain.conduct.standing import Rung
from appservice.domain.effects import Unban
from appservice.domain.group import Group
from tests.domain.conduct_story import (
    CIRCLE,
    GROUP,
    LEA,
    TEAM,
    cares,
    later,
    newest,
    settles,
    standing,
    told,
)
from tests.support.story import ADA, BEN, MEI, ZOE, Story


@pytest.fixture
def story() -> Story:
    story = told()
    story.bans(ADA, MEI, CIRCLE)
    return story


def looks(story: Story) -> None:
    story.looks(GROUP)
    settles(story)


def test_a_second_person_is_asked_once_and_the_member_is_told(story):
    looks(story)
    looks(story)
    asked = [h for h in story.heard if "A second person looks" in h.body]
    assert {h.room for h in asked} == {TEAM, story.person(LEA).chat, story.person(MEI).chat}
    assert len(asked) == 3
    assert "For a bad night" in newest(story, MEI).body


def test_without_a_second_word_it_is_lifted_and_they_are_invited_again(story):
    looks(story)
    later(story, hours=23)
    assert story.rooms[CIRCLE][MEI] == "ban"
    later(story, hours=2)
    assert story.done(Unban) == [Unban(MEI, (CIRCLE,))]
    assert story.rooms[CIRCLE][MEI] == "invite"
    assert "open to you again" in newest(story, MEI).body
    looks(story)
    assert not story.one(Group, GROUP).bans


def test_a_second_word_ends_the_place_by_a_rule_and_no_ban_is_left(story):
    looks(story)
    story.says(BEN, f"!confirm-ban {MEI} rule 3")
    later(story, seconds=11)
    assert not story.consents(MEI)
    measure = standing(story).measures[-1]
    assert measure.rung is Rung.REMOVAL
    assert measure.second
    assert "appeal" in newest(story, MEI).body
    assert story.done(Unban)
    looks(story)
    assert not story.one(Group, GROUP).bans


def test_who_is_named_in_a_care_case_afterwards_is_let_in_again_at_once(story):
    looks(story)
    story.says(MEI, "flag")
    for text in ("1", "no", "1", "I sit here alone", "yes"):
        story.says(MEI, text)
    later(story, seconds=1)
    assert story.done(Unban) == [Unban(MEI, (CIRCLE,))]
    assert story.rooms[CIRCLE][MEI] == "invite"


def test_whoever_banned_does_not_confirm_and_a_rule_is_needed(story):
    looks(story)
    assert story.says(ADA, f"!confirm-ban {MEI} rule 3")[0].message.kind == "refusal"
    assert story.says(BEN, f"!confirm-ban {MEI}")[0].message.kind == "refusal"
    assert story.says(BEN, f"!confirm-ban {ZOE} rule 3")[0].message.kind == "refusal"
    later(story, seconds=11)
    assert story.consents(MEI)


def test_the_second_word_can_be_undone(story):
    looks(story)
    story.says(BEN, f"!confirm-ban {MEI} rule 3")
    story.says(BEN, "!undo")
    later(story, seconds=11)
    assert story.consents(MEI)


def test_whom_a_care_case_names_is_never_out(story):
    cares(story)
    looks(story)
    assert story.rooms[CIRCLE][MEI] == "invite"
    assert "care case" in "".join(h.body for h in story.heard if h.room == TEAM)


def test_a_ban_that_is_taken_back_is_forgotten(story):
    looks(story)
    del story.banned[CIRCLE, MEI]
    story.rooms[CIRCLE][MEI] = "join"
    looks(story)
    assert not story.one(Group, GROUP).bans
    heard = len(story.heard)
    later(story, days=2)
    assert len(story.heard) == heard
