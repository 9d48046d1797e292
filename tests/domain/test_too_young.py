"""The way for people who are too young, told as dialogues: kind, and no guessing game."""

import pytest

from appservice.domain.application import Application
from appservice.domain.effects import Remove, TellOperator
from appservice.domain.events import DeclineEnded, DeviceTrusted
from appservice.domain.group import Group
from appservice.domain.records import Care, Declined, Grace
from appservice.domain.types import Assurance
from tests.support.story import ADA, BEN, CODE, MEI, START, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
CIRCLE = f"!circle-{GROUP}"
TEAM = f"!facilitators-{GROUP}"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    return story


@pytest.fixture
def declined(story) -> Story:
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "no")
    assert story.hears("declined")
    return story


def test_a_second_try_within_a_day_gets_the_same_answer(declined):
    first = declined.hears("declined").body
    declined.passes(hours=23)
    assert [h.body for h in declined.says(MEI, f"join {CODE}")] == [first]
    assert not declined.all(Application)
    declined.passes(hours=2)
    assert not declined.all(Declined)
    assert declined.says(MEI, f"join {CODE}")[0].message.kind == "age"


def test_what_is_kept_says_nothing_of_why(declined):
    assert declined.all(Declined) == [Declined(MEI, GROUP, declined.now.replace(day=24))]


def test_another_group_asks_for_itself(declined):
    declined.founds(replace(example(), name="Birch", minimum_age=16), code="BIRCH-2222")
    assert declined.says(MEI, "join BIRCH-2222")[0].message.kind == "age"
    assert declined.says(ZOE, f"join {CODE}")[0].message.kind == "age"


def test_an_unsigned_device_is_no_way_round(declined):
    unsigned = {"assurance": Assurance.UNSIGNED, "has_signed_device": False}
    declined.says(MEI, f"join {CODE}", **unsigned)
    assert not declined.all(Application)
    assert declined.happens(DeviceTrusted(MEI)) == []


def test_the_end_of_the_day_is_looked_at_again(declined):
    declined.happens(DeclineEnded(MEI, GROUP))
    assert declined.all(Declined)


def found_inside(story) -> None:
    """Mei is in the circle, nobody knows why, and has time to pass the gate."""
    story.opens_chat(MEI)
    story.rooms[CIRCLE][MEI] = "join"
    story.records["grace", f"{MEI} {GROUP}"] = Grace(MEI, GROUP, START.replace(month=12))


def test_whoever_is_inside_already_is_taken_out_at_once(story):
    found_inside(story)
    story.says(MEI, "continue")
    story.says(MEI, "no")
    assert "Childline" in story.hears("declined").body
    assert MEI not in story.rooms[CIRCLE]
    assert not story.all(Grace)


def test_no_machine_takes_out_whom_a_care_case_names(story):
    found_inside(story)
    story.records["care", MEI] = Care(MEI, START)
    story.says(MEI, "continue")
    story.says(MEI, "no")
    assert story.rooms[CIRCLE][MEI] == "join"
    assert story.says(MEI, "continue")[0].message.kind == "declined"


@pytest.fixture
def team(story) -> Story:
    """A group with its facilitators, and a member who turns out to be too young."""
    story.lets_in(ADA, BEN, MEI)
    return story


def test_a_facilitators_word_ends_the_place_kindly(team):
    heard = team.says(ADA, f"!underage {MEI}", room=TEAM)
    to_mei = next(h for h in heard if h.room == team.person(MEI).chat)
    assert to_mei.message.kind == "declined"
    assert "Childline" in to_mei.body
    assert "nothing wrong" in to_mei.body
    assert not team.consents(MEI)
    assert MEI not in team.rooms[CIRCLE]
    assert [e.given for e in team.entries if e.user == MEI] == [True, True, False, False]
    assert sum(h.room == TEAM for h in heard) == 1
    assert team.says(MEI, f"join {CODE}")[0].message.kind == "declined"
    assert team.says(MEI, "return")[0].message.kind == "notice"


def test_it_is_said_to_the_lead_or_else_to_the_operator(team):
    team.says(ADA, f"!underage {MEI}", room=TEAM)
    assert "operator-underage" in {tell.text.key for tell in team.done(TellOperator)}
    team.passes(days=2)
    team.passes_the_gate(MEI)
    group = team.one(Group, GROUP)
    team.records["group", GROUP] = replace(group, charter=replace(group.charter, lead=ZOE))
    chat = team.opens_chat(ZOE)
    before = len(team.done(TellOperator))
    told = [h for h in team.says(ADA, f"!underage {MEI}", room=TEAM) if h.room == chat]
    assert [h.message.kind for h in told] == ["notice"]
    assert len(team.done(TellOperator)) == before


def test_in_a_private_chat_the_other_facilitators_hear_of_it(team):
    heard = team.says(ADA, f"!underage {MEI}")
    assert {h.room for h in heard} == {team.person(MEI).chat, team.person(ADA).chat, TEAM}


def test_somebody_on_the_way_in_is_meant_too(team):
    team.says(ZOE, f"join {CODE}")
    team.says(ADA, f"!underage {ZOE}")
    assert not team.all(Application)
    assert team.says(ZOE, "yes")[0].message.kind == "program"


@pytest.mark.parametrize(
    "text",
    [
        "!underage",
        "!underage mei",
        f"!underage {ZOE}",
        f"!underage {MEI} {BEN}",
        f"!underage {BEN}",
    ],
)
def test_whom_it_does_not_mean_nothing_happens_to(team, text):
    before = len(team.done(Remove))
    assert [h.message.kind for h in team.says(ADA, text, room=TEAM)] == ["refusal"]
    assert len(team.consents(MEI)) == len(team.consents(BEN)) == 1
    assert len(team.done(Remove)) == before


def test_members_have_no_such_word(team):
    assert team.says(MEI, f"!underage {BEN}")[0].message.kind == "refusal"
    assert team.consents(BEN)
