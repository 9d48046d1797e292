"""Attacks and worst nights of cases: what a reader of the code would try, and what comes of it."""

from dataclasses import replace

import pytest

from appservice.domain.cases.case import Case, Concern, For, Level, Noted, Stage
from appservice.domain.conduct.appeal import Appeal
from appservice.domain.conduct.standing import Rung
from appservice.domain.effects import Quote
from appservice.domain.events import CaseDue
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from tests.domain import conduct_story, test_appeals
from tests.domain.test_flags import GROUP, case, flags, kinds, says, told_group
from tests.support.story import ADA, BEN, MEI, ZOE, Story

LEA = "@lea:example.org"
TEAM = f"!facilitators-{GROUP}"


@pytest.fixture
def story() -> Story:
    return told_group()


def asked_about(story: Story, number: int, user: str, since: int = 0) -> list[str]:
    """Return what somebody was asked about a case in private."""
    chat, name = story.person(user).chat, f"C-{number}"
    told = (one for one in story.heard[since:] if one.room == chat)
    return [one.message.kind for one in told if one.message.case == name]


# -- alarms


def test_what_becomes_dangerous_while_it_waits_alarms_everybody_anew(story):
    flags(story, "she is very quiet these days")
    before = len(story.heard)
    flags(story, "now she writes that she is on the bridge", urgent="yes")
    assert [one.urgent for one in story.all(Case)] == [True]
    for user in (ADA, BEN, LEA):
        assert asked_about(story, 1, user, before) == ["case_new"]


def test_danger_that_is_known_is_not_alarmed_about_twice(story):
    flags(story, "she is on the bridge", urgent="yes")
    before = len(story.heard)
    flags(story, "and she does not answer any more", urgent="yes")
    assert asked_about(story, 1, ADA, before) == []


def test_a_thousand_messages_do_not_grow_one_case_without_end(story):
    flags(story, "she is very quiet these days")
    one = case(story)
    story.records["case", one.key] = replace(one, excerpt=one.excerpt * 120)
    flags(story, "and there is more")
    assert [len(one.excerpt) for one in story.all(Case)] == [120, 1]


def test_long_words_are_given_in_messages_that_a_homeserver_takes(story):
    flags(story, "she writes very much these days")
    one = case(story)
    story.records["case", one.key] = replace(one, excerpt=one.excerpt * 7)
    before = len(story.effects)
    says(story, "!claim 1", user=ADA)
    given = [one for one in story.effects[before:] if isinstance(one, Quote)]
    assert [len(one.answers) for one in given] == [3, 3, 1]
    assert all(one.message.lines[0].key == "case-excerpt-note" for one in given)


def test_danger_is_not_put_behind_a_level_that_was_set_before(story):
    flags(story, "she is very quiet these days")
    says(story, "!claim 1", "!case 1 level green", "!case 1 release", user=ADA)
    before = len(story.heard)
    flags(story, "now she is on the bridge", urgent="yes")
    assert asked_about(story, 2, BEN, before) == ["case_new"]


def test_new_danger_alarms_even_if_somebody_has_the_danger_of_before(story):
    flags(story, "she is on the bridge", urgent="yes")
    says(story, "!claim 1", "!case 1 contact", user=ADA)
    story.passes(hours=9)
    before = len(story.heard)
    flags(story, "she has gone there again", urgent="yes")
    assert asked_about(story, 2, BEN, before) == ["case_new"]


# -- conduct against whom somebody looks after, or who has flagged


@pytest.fixture
def team() -> Story:
    return conduct_story.told()


def test_whom_a_care_case_names_is_not_sent_away_as_too_young(team):
    conduct_story.cares(team)
    told = team.says(ADA, f"!underage {MEI}")[-1]
    assert told.message.kind == "refusal"
    assert "care case" in told.body
    assert team.consents(MEI)


def test_nobody_sends_away_as_too_young_who_has_flagged_one_of_them(team):
    flags(team, "he pressed me for my address", about="3", whom="2")
    told = team.says(ADA, f"!underage {MEI}")[-1]
    assert told.message.kind == "refusal"
    assert "flag" not in told.body
    assert team.consents(MEI)


def test_no_word_about_conduct_tells_that_a_case_is_about_a_facilitator(team):
    before = team.says(ADA, f"!warn {BEN} rule 3")[-1].body
    conduct_story.cares(team, BEN)
    assert team.says(ADA, f"!warn {BEN} rule 3")[-1].body == before


def test_who_comes_back_while_somebody_looks_after_them_is_not_paused(team):
    conduct_story.climbs(team, to=Rung.PAUSE)
    says(team, "leave")
    conduct_story.cares(team)
    team.passes_the_gate(MEI)
    team.accepts(MEI)
    [consent] = [one for one in team.consents(MEI) if one.withdrawn is None]
    assert consent.pauses == ()


# -- who may see a case


def leads_now(story: Story, lead: str, *facilitators: str) -> None:
    """Let the charter name these as lead and facilitators from now on."""
    group = story.one(Group, GROUP)
    charter = replace(group.charter, lead=lead, facilitators=facilitators)
    story.writes(Outcome(puts=(replace(group, charter=charter),)))


def test_a_lead_who_becomes_a_facilitator_does_not_see_what_was_raised_about_them(story):
    leads_now(story, BEN, ADA, ZOE)
    flags(story, "the lead wants my money", about="3", whom="3")
    leads_now(story, LEA, ADA, BEN, ZOE)
    assert "i know of no case" in says(story, "!case 1", user=BEN)[-1].body.casefold()
    assert "C-1" in says(story, "!case 1", user=ADA)[-1].body


def test_a_facilitator_who_becomes_the_lead_does_not_see_what_was_for_the_lead_alone(story):
    flags(story, "Ben wants my money", about="3", whom="2")
    leads_now(story, BEN, ADA, ZOE)
    assert "i know of no case" in says(story, "!case 1", user=BEN)[-1].body.casefold()
    leads_now(story, LEA, ADA, BEN)
    assert "C-1" in says(story, "!case 1", user=LEA)[-1].body


def test_whom_a_case_names_by_now_is_not_asked_again_who_takes_it(story):
    flags(story, "she is very quiet these days")
    assert kinds(says(story, "continue", user=BEN)) == ["case_ladder"]
    story.records["case", case(story).key] = replace(case(story), named=(BEN,))
    assert "C-1" not in says(story, "continue", user=BEN)[-1].body


def test_a_case_whose_owner_has_died_is_asked_about_again(story):
    flags(story, "she is very quiet these days")
    says(story, "!claim 1", "!case 1 contact", user=BEN)
    before = len(story.heard)
    says(story, f"!postvention {BEN}", "1", user=ADA)
    story.passes(minutes=1)
    story.passes(minutes=1)
    assert case(story).owner is None
    assert "case_new" in asked_about(story, 1, ADA, before)


@pytest.mark.parametrize(("visible", "told"), [(For.FACILITATORS, True), (For.LEAD, False)])
def test_nobody_hears_in_three_months_of_a_case_they_were_not_to_know_of(story, visible, told):
    flags(story, "she is on the bridge")
    red = Noted(f"level {Level.RED.value}", story.now)
    over = replace(case(story), visible=visible, log=(red,), closed=story.now, stage=Stage.CLOSED)
    story.records["case", over.key] = over
    story.happens(CaseDue(GROUP, 1))
    before = len(story.heard)
    for _ in range(5):
        story.passes(days=31)
    assert story.all(Concern)
    heard = [one for one in story.heard[before:] if "C-1" in one.body]
    assert any(one.room == TEAM for one in heard) is told


def test_words_of_a_flag_are_not_lost_to_a_question_that_comes_between(story):
    says(story, "flag", "2", "no", "1", "3", user=ADA)
    flags(story, "she is very quiet these days")
    preview = says(story, "I am worried about Zoe since yesterday", user=ADA)[-1]
    assert preview.message.kind == "flag_preview"


def test_whom_a_member_has_flagged_does_not_decide_about_their_appeal(team):
    conduct_story.climbs(team, to=Rung.SECOND)
    flags(team, "one of them pressed me for my address", about="3", whom="2")
    team.effects.clear()
    number = test_appeals.appeals(team)
    rooms = {one.room for one in team.done(Quote) if one.message.kind == "appeal"}
    assert rooms == {team.person(LEA).chat}
    refused = says(team, f"!appeal {number} uphold", user=BEN)[-1]
    assert refused.message.kind == "refusal"
    assert "flag" not in refused.body
    assert "upheld" not in says(team, f"!appeal {number} lift", user=LEA)[-1].body
    assert not team.all(Appeal)
