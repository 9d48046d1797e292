"""Whether somebody is there for a group: duty, too few, silence, and what facilitators learned."""

from datetime import timedelta

import pytest

from appservice.domain.effects import TellOperator
from appservice.domain.group import Group
from appservice.domain.types import Assurance, Form, Size
from tests.domain.test_roles import LEA, TEAM, charter, kind, said_to, team, told
from tests.support.story import ADA, BEN, KEEPER, MEI, ZOE, Story, replace


@pytest.fixture
def story() -> Story:
    return told()


def operator_heard(story, key):
    return [e for e in story.done(TellOperator) if e.text.key == f"operator-{key}"]


def lead_heard(story, words):
    return [body for body in said_to(story, LEA) if words in body]


# -- too few


def test_too_few_is_told_once_and_every_week_while_it_lasts(story):
    story.says(ADA, "!resign")
    for days in range(21):
        story.looks(story.group)
        assert len(operator_heard(story, "few-facilitators")) == 1 + days // 7
        assert len(lead_heard(story, "1 people now")) == 1 + days // 7
        story.passes(days=1)
    story.says(BEN, f"!role {MEI} facilitator")
    story.says(LEA, "!role confirm")
    story.says(MEI, "yes")
    story.looks(story.group)
    assert team(story).few_told is None
    story.effects.clear()
    story.says(MEI, "!resign")
    assert operator_heard(story, "few-facilitators")


def test_who_is_named_and_has_not_come_counts_in_the_first_week_only():
    story = Story()
    group = story.founds()
    story.looks(group)
    assert not operator_heard(story, "few-facilitators")
    story.passes(days=7)
    story.looks(group)
    assert operator_heard(story, "few-facilitators")[0].facts["facilitators"] == "0"


def test_whose_identity_rests_does_not_count(story):
    story.resets_identity(ADA)
    story.looks(story.group)
    assert operator_heard(story, "few-facilitators")
    story.says(BEN, f"!confirm {ADA}")
    story.looks(story.group)
    assert team(story).few_told is None


@pytest.mark.parametrize("stage", ["draft", "closed"])
def test_a_draft_and_a_closed_group_are_not_watched(story, stage):
    group = story.one(Group, story.group)
    story.records["group", story.group] = replace(group, stage=stage)
    story.passes(days=60)
    story.looks(story.group)
    assert not story.done(TellOperator)
    assert not lead_heard(story, "Willow")


def test_a_clock_that_was_wrong_silences_nothing(story):
    story.now += timedelta(days=4000)
    story.says(ADA, "!resign")
    story.now -= timedelta(days=4000)
    story.effects.clear()
    story.looks(story.group)
    assert operator_heard(story, "few-facilitators")


# -- silence


def test_silence_is_told_to_the_lead_after_fourteen_days_and_weekly(story):
    story.passes(days=13, hours=23)
    story.looks(story.group)
    assert not lead_heard(story, "no word")
    story.passes(hours=1)
    for days in range(15):
        story.looks(story.group)
        assert len(lead_heard(story, "no word")) == 1 + days // 7
        story.passes(days=1)
    assert not operator_heard(story, "silent-facilitators")


def test_the_operator_hears_of_silence_where_there_is_no_lead(story):
    group = story.one(Group, story.group)
    without = replace(group, charter=replace(group.charter, lead=None))
    story.records["group", story.group] = without
    story.passes(days=14)
    story.looks(story.group)
    assert operator_heard(story, "silent-facilitators")


@pytest.mark.parametrize(
    ("who", "text", "more", "counts"),
    [
        (ADA, "!role", {}, True),
        (ADA, "!on", {}, True),
        (ADA, "see you all on Tuesday", {"room": TEAM}, True),
        (ADA, "", {"room": TEAM, "form": Form.MEDIA}, True),
        (ADA, "help", {}, False),
        (ADA, "hello", {"room": TEAM, "assurance": Assurance.PLAIN}, False),
        (MEI, "!role", {}, False),
        (LEA, "!role", {}, False),
    ],
)
def test_what_shows_that_facilitators_are_there(story, who, text, more, counts):
    story.passes(days=13)
    story.says(who, text, **more)
    story.passes(days=2)
    story.looks(story.group)
    assert bool(lead_heard(story, "no word")) != counts


def test_it_is_written_down_once_a_day_and_holds_no_word(story):
    story.says(ADA, "canary words", room=TEAM)
    first = story.one(Group, story.group)
    assert "canary" not in repr(first)
    story.passes(hours=23)
    story.says(ADA, "!role")
    assert story.one(Group, story.group) == first
    story.passes(hours=1)
    story.says(ADA, "!role")
    assert team(story).active == story.now


# -- duty


def answer(story) -> str:
    """What a member is told who wants to talk."""
    return story.says(MEI, "contact")[-1].body


def test_who_asks_for_somebody_hears_whether_anybody_is_on_duty():
    story = told(Size.SMALL)
    assert "Nobody has read it yet" in answer(story)
    assert kind(story.says(ADA, "!off 2 weeks")) == ["duty"]
    assert "Nobody has read it yet" in answer(story)
    story.says(BEN, "!off 3 days")
    assert "None of your facilitators is on duty" in answer(story)
    assert "call the emergency number now" in answer(story)
    assert "116 123" in answer(story)
    story.says(BEN, "!on")
    assert "Nobody has read it yet" in answer(story)


def test_when_nobody_is_left_on_duty_others_and_lead_are_told(story):
    heard = story.says(ADA, "!off")
    assert [h.room for h in heard] == [story.person(ADA).chat]
    heard = story.says(BEN, "!off until 2026-12-24")
    assert {h.room for h in heard} == {TEAM, story.person(BEN).chat, story.person(LEA).chat}
    assert {h.message.kind for h in heard} == {"duty"}
    assert "until Thursday 24 December 2026, 00:00" in said_to(story, BEN)[-1]
    assert "Nobody else is on duty in Willow" in said_to(story, BEN)[-1]
    assert "None of your facilitators is on duty" in answer(story)


def test_time_off_ends_by_itself_and_is_told(story):
    story.says(ADA, "!off 2 weeks")
    story.passes(days=13)
    assert story.person(ADA).off
    story.passes(days=1)
    assert story.person(ADA).off is None
    assert "again from now" in said_to(story, ADA)[-1]


def test_time_off_that_is_moved_ends_once(story):
    story.says(ADA, "!off 2 days")
    story.says(ADA, "!off 4 days")
    story.passes(days=3)
    assert story.person(ADA).off
    story.says(ADA, "!off")
    story.passes(days=30)
    assert story.person(ADA).off
    assert "again from now" not in said_to(story, ADA)[-1]


def test_in_german(story):
    story.says(ADA, "language de")
    assert "frei bis Montag, 7. Dezember 2026" in story.says(ADA, "!frei 2 Wochen")[0].body
    assert "wieder da" in story.says(ADA, "!da")[0].body


# -- training


def test_the_list_is_ones_own_and_each_word_has_its_date(story):
    assert "3." in story.says(ADA, "!training")[0].body
    body = story.says(ADA, "!training done 3")[0].body
    assert "Yes: 2026-11-23" in body
    assert body.count("Yes:") == 1
    assert "Yes:" not in story.says(BEN, "!training")[0].body
    story.says(ADA, "!training done 3")
    story.passes(days=365)
    assert "look at it again" in story.says(ADA, "!training")[0].body
    assert "Yes: 2027-11-23" in story.says(ADA, "!training done 3")[0].body
    assert "Yes:" not in story.says(ADA, "!training undo 3")[0].body
    assert story.person(ADA).trained == {}


def test_the_steward_and_the_keeper_are_never_offered_anything(story):
    before = charter(story)
    assert kind(story.says(ADA, f"!role {KEEPER} facilitator")) == ["refusal"]
    assert charter(story) == before
    assert ZOE not in charter(story).named
