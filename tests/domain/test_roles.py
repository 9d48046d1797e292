"""Roles, told as dialogues: offered, accepted, handed over, laid down, taken away."""

import pytest

from appservice.domain.charter import GroupRole
from appservice.domain.effects import Admit, Remove, SetPowers, TellOperator
from appservice.domain.events import AdmissionBlocked, Admitted, RoleOrdered
from appservice.domain.group import Group
from appservice.domain.types import RoomKind, Size, UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

LEA = UserId("@lea:example.org")
CIRCLE = "!circle-group-WILLOW-7Q4K"
TEAM = "!facilitators-group-WILLOW-7Q4K"


@pytest.fixture
def story() -> Story:
    """Ada and Ben facilitate, Lea leads, Mei and Zoe are members."""
    return told()


def told(size: Size = Size.STANDARD, *, lead_joins: bool = True) -> Story:
    story = Story()
    story.group = story.founds(replace(example(), size=size, lead=LEA))
    story.lets_in(ADA, BEN, MEI, ZOE, *([LEA] if lead_joins else []))
    story.looks(story.group)
    story.heard.clear()
    story.effects.clear()
    return story


def charter(story):
    return story.one(Group, story.group).charter


def team(story):
    return story.one(Group, story.group).team


def powers(story, room=CIRCLE):
    return story.room_state[room]["m.room.power_levels"]["users"]


def said_to(story, user):
    chat = story.person(user).chat
    return [heard.body for heard in story.heard if heard.room == chat]


def kind(heard):
    return [h.message.kind for h in heard]


def becomes_facilitator(story, user=MEI):
    story.says(ADA, f"!role {user} facilitator")
    story.says(BEN, "!role confirm")
    story.says(user, "yes")


# -- offers


@pytest.mark.parametrize(
    ("word", "field"), [("greeter", "greeters"), ("tech host", "tech_hosts"), ("Technik", None)]
)
def test_a_role_without_power_needs_one_word_and_the_members_own(story, word, field):
    if field is None:
        story.says(ADA, "language de")
        field = "tech_hosts"
    story.says(ADA, f"!role {MEI} {word}")
    asked = story.heard[-2]
    assert asked.message.kind == "handover"
    assert [choice.id for choice in asked.message.choices] == ["yes", "no"]
    assert MEI not in charter(story).named
    story.effects.clear()
    story.says(MEI, "yes")
    assert getattr(charter(story), field) == (MEI,)
    assert powers(story) == {ADA: 50, BEN: 50}
    assert not story.done(SetPowers)
    assert not story.done(Admit)
    assert f"{MEI} has said yes" in story.hears("notice", TEAM).body


def test_a_facilitator_needs_two_words_and_the_members_own(story):
    story.says(ADA, f"!role {MEI} facilitator")
    assert not said_to(story, MEI)
    assert "!role confirm" in story.hears("notice", TEAM).body
    assert any("!role confirm" in body for body in said_to(story, LEA))
    story.says(ADA, "!role confirm")
    assert "another one" in story.hears("refusal").body
    story.says(BEN, f"!role confirm {MEI}")
    assert MEI not in charter(story).facilitators
    story.says(MEI, "1")
    assert charter(story).facilitators == (ADA, BEN, MEI)
    assert powers(story)[MEI] == 50
    assert story.rooms[TEAM][MEI] == "invite"
    assert not team(story).offers
    assert not [key for key in story.timers if key.startswith("offer")]


def test_the_leads_word_is_one_of_the_two(story):
    story.says(LEA, f"!role {MEI} facilitator")
    story.says(BEN, "!role confirm")
    story.says(MEI, "yes")
    assert MEI in charter(story).facilitators


def test_no_is_a_good_answer_and_only_who_asked_is_told(story):
    story.says(ADA, f"!role {MEI} greeter")
    story.heard.clear()
    assert "nothing changes" in story.says(MEI, "no")[0].body
    assert any("good answer" in body for body in said_to(story, ADA))
    assert not [h for h in story.heard if h.room == TEAM]
    assert not team(story).offers


def test_stop_says_no_and_continue_asks_again(story):
    story.says(ADA, f"!role {MEI} greeter")
    assert kind(story.says(MEI, "continue")) == ["handover"]
    story.says(MEI, "stop")
    assert not team(story).offers
    assert "no longer open" in story.says(MEI, "yes")[0].body


@pytest.mark.parametrize(
    ("who", "text", "key"),
    [
        (ADA, f"!role {MEI} king", "do not know that role"),
        (ADA, f"!role {MEI}", "do not know that role"),
        (ADA, f"!role {MEI} lead", "cannot give this role"),
        (ADA, "!role @nobody:example.org greeter", "not in Willow with a consent"),
        (ADA, f"!role {MEI} {ZOE} greeter", "whole name"),
        (ADA, "!role greeter", "whole name"),
        (ADA, f"!role {ADA} greeter", "yourself"),
        (ADA, f"!role {BEN} facilitator", "has this role already"),
        (ADA, "!role confirm", "Nobody by that name"),
        (ADA, f"!role {MEI} none", "no role that I can take"),
        (ADA, f"!role {BEN} none", "no role that I can take"),
        (ADA, "!handover @nobody:example.org", "not in Willow with a consent"),
        (ADA, f"!handover lead {MEI}", "not yours"),
        (LEA, f"!handover facilitator {MEI}", "not yours"),
        (ADA, f"!handover {BEN}", "has this role already"),
        (ADA, f"!handover {MEI} greeter", "not yours"),
        (ADA, "!revoke", "which facilitator"),
        (ADA, f"!revoke {MEI}", "which facilitator"),
        (ADA, f"!revoke {ADA}", "!resign"),
        (ADA, "!resign lead", "do not have that role"),
        (MEI, f"!role {MEI} facilitator", "for facilitators"),
        (MEI, "!role", "for facilitators"),
        (MEI, f"!revoke {ADA}", "for facilitators"),
        (MEI, "!resign", "for facilitators"),
        (ADA, "!off soon", "how long"),
        (ADA, "!off 2020-01-01", "is over"),
        (ADA, "!training done 99", "a number from 1 to 8"),
        (ADA, "!training done", "a number from 1 to 8"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_changes_nothing(story, who, text, key):
    before = {k: v for k, v in story.records.items() if k[0] != "person"}
    heard = story.says(who, text)
    assert kind(heard) == ["refusal"]
    assert key in heard[0].body
    after = {k: v for k, v in story.records.items() if k[0] != "person"}
    group = after["group", story.group]
    after["group", story.group] = replace(
        group, team=replace(group.team, active=before["group", story.group].team.active)
    )
    assert after == before


def test_one_offer_at_a_time_and_it_can_be_taken_back(story):
    story.says(ADA, f"!role {MEI} greeter")
    assert "still open" in story.says(BEN, f"!role {MEI} tech")[0].body
    story.says(BEN, f"!role {MEI} none")
    assert not team(story).offers
    assert "no longer open" in story.says(MEI, "yes")[0].body
    assert MEI not in charter(story).named


def test_an_offer_ends_after_seven_days_and_an_old_answer_is_told_so(story):
    story.says(ADA, f"!role {MEI} greeter")
    story.passes(days=6)
    assert team(story).offers
    story.passes(days=1)
    assert not team(story).offers
    assert any("has not answered" in body for body in said_to(story, ADA))
    assert "no longer open" in story.says(MEI, "yes")[0].body


def test_a_clock_that_jumps_over_the_end_lets_nobody_in_late(story):
    story.says(ADA, f"!role {MEI} greeter")
    story.now += story.timers[f"offer {MEI} {story.group}"][0] - story.now
    assert "no longer open" in story.says(MEI, "yes")[0].body
    assert MEI not in charter(story).named


def test_two_answers_at_once_from_two_devices(story):
    story.says(ADA, f"!role {MEI} greeter")
    story.says(MEI, "yes")
    assert "no longer open" in story.says(MEI, "no")[0].body
    assert charter(story).greeters == (MEI,)


def test_an_old_question_does_not_answer_a_new_offer(story):
    story.says(ADA, f"!role {MEI} greeter")
    old = story.heard[-2].id
    story.says(ADA, f"!role {MEI} none")
    becomes = story.says(ADA, f"!role {MEI} facilitator")
    assert becomes
    story.says(BEN, "!role confirm")
    assert "no longer open" in story.says(MEI, "yes", reply_to=old)[0].body
    assert MEI not in charter(story).facilitators
    story.says(MEI, "yes")
    assert MEI in charter(story).facilitators


def test_an_offer_falls_with_whoever_made_it(story):
    story.says(ADA, f"!role {MEI} facilitator")
    story.says(BEN, "!role confirm")
    story.says(BEN, "!resign")
    assert "no longer open" in story.says(MEI, "yes")[0].body
    assert MEI not in charter(story).facilitators


def test_nobody_gets_power_by_an_identity_that_nobody_knows(story):
    story.says(ADA, f"!role {MEI} facilitator")
    story.says(BEN, "!role confirm")
    story.identities[MEI] = "another"
    assert "identity" in story.says(MEI, "yes")[0].body
    assert MEI not in charter(story).facilitators
    story.pinned[MEI] = "another"
    story.says(MEI, "yes")
    assert MEI in charter(story).facilitators


def test_who_has_no_private_chat_is_asked_when_they_have_one(story):
    chat = story.person(MEI).chat
    del story.rooms[chat][MEI]
    story.inspects(chat)
    assert story.person(MEI).chat is None
    story.says(ADA, f"!role {MEI} greeter")
    opened = story.person(MEI).chat
    assert opened == "!opened-mei"
    assert not said_to(story, MEI)
    story.rooms[opened][MEI] = "join"
    story.inspects(opened)
    assert "handover" in [h.message.kind for h in story.heard if h.room == opened]
    story.says(MEI, "yes")
    assert charter(story).greeters == (MEI,)


# -- lists


def test_role_shows_who_does_what(story):
    story.says(ADA, f"!role {MEI} greeter")
    story.says(MEI, "yes")
    story.says(ADA, f"!role {ZOE} facilitator")
    story.says(BEN, "!off")
    body = story.says(ADA, "!role")[0].body
    for line in (
        f"lead: {LEA}",
        f"facilitator: {ADA}",
        f"facilitator: {BEN} (off duty)",
        f"greeter: {MEI}",
        f"{ZOE}: facilitator? It waits",
    ):
        assert line in body


def test_members_find_the_tech_host(story):
    story.says(ADA, f"!role {MEI} tech")
    story.says(MEI, "yes")
    assert f"Help with apps: {MEI}" in story.says(ZOE, "groups")[0].body


def test_a_greeter_hears_of_newcomers_not_who_and_not_often(story):
    story.says(ADA, f"!role {MEI} greeter")
    story.says(MEI, "yes")
    story.heard.clear()
    for name in ("ian", "kim"):
        story.passes_the_gate(UserId(f"@{name}:example.org"))
    bodies = said_to(story, MEI)
    assert len(bodies) == 1
    assert "ian" not in bodies[0]
    story.passes(days=2)
    story.passes_the_gate(UserId("@pat:example.org"))
    assert len(said_to(story, MEI)) == 2
    assert "Willow" in bodies[0]


def test_roles_without_power_are_taken_by_a_word_or_laid_down(story):
    for user in (MEI, ZOE):
        story.says(ADA, f"!role {user} greeter")
        story.says(user, "yes")
    story.says(BEN, f"!role {MEI} none")
    assert charter(story).greeters == (ZOE,)
    assert "as before" in said_to(story, MEI)[-1]
    story.says(ZOE, "!resign")
    assert not charter(story).greeters
    assert story.consents(ZOE)


# -- handover


@pytest.mark.parametrize("size", list(Size))
def test_a_handover_lets_the_new_one_in_before_the_old_one_goes(size):
    story = told(size)
    story.says(ADA, f"!handover {MEI}")
    assert charter(story).facilitators == (ADA, BEN)
    counts = []
    happens = story.happens

    def counted(event, cause=None):
        counts.append(len(charter(story).facilitators))
        return happens(event, cause)

    story.happens = counted
    story.says(MEI, "yes")
    assert charter(story).facilitators == (BEN, MEI)
    assert counts[-1] >= 2
    assert 3 in counts  # both, for a while
    assert powers(story) == {BEN: 50, MEI: 50}
    assert story.consents(ADA)
    assert story.rooms[CIRCLE][ADA] == "join"
    if size is Size.STANDARD:
        assert ADA not in story.rooms[TEAM]
        assert story.rooms[TEAM][MEI] == "invite"
    assert "Thank you" in [b for b in said_to(story, ADA) if "with" in b][-1]
    assert any(ADA in h.body and MEI in h.body for h in story.heard)


def test_a_handover_waits_while_the_invitation_does_not_arrive(story):
    story.blocked.add(MEI)
    story.says(ADA, f"!handover {MEI}")
    story.says(MEI, "yes")
    story.happens(AdmissionBlocked(MEI, story.group, "M_INVITE_BLOCKED"))
    assert charter(story).facilitators == (ADA, BEN, MEI)
    story.blocked.clear()
    story.says(MEI, "continue")
    assert charter(story).facilitators == (BEN, MEI)


def test_an_invitation_before_the_yes_hands_nothing_over(story):
    story.says(ADA, f"!handover {MEI}")
    story.says(MEI, f"join {CODE}")
    assert charter(story).facilitators == (ADA, BEN)
    story.says(MEI, "yes")
    assert charter(story).facilitators == (BEN, MEI)


def test_of_two_who_are_offered_the_lead_the_first_has_it(story):
    for user in (MEI, ZOE):
        story.says(LEA, f"!handover lead {user}")
    story.says(MEI, "yes")
    assert "no longer open" in story.says(ZOE, "yes")[0].body
    assert charter(story).lead == MEI


@pytest.mark.parametrize("how", ["leave", "!resign", "!resign facilitator"])
def test_whoever_accepts_and_goes_at_once_takes_no_place_with_them(story, how):
    story.blocked.add(MEI)
    story.says(ADA, f"!handover {MEI}")
    story.says(MEI, "yes")
    story.says(MEI, how)
    story.happens(Admitted(MEI, story.group))
    assert charter(story).facilitators == (ADA, BEN)
    assert not team(story).offers


def test_the_lead_is_handed_over_by_the_lead(story):
    story.says(LEA, f"!handover lead {MEI}")
    assert charter(story).lead == LEA
    story.says(MEI, "yes")
    assert charter(story).lead == MEI
    assert "Thank you" in said_to(story, LEA)[-1]
    assert powers(story) == {ADA: 50, BEN: 50}
    assert "cannot give" in story.says(ADA, f"!role {ZOE} lead")[0].body


def test_a_lead_who_is_no_member_acts_in_the_private_chat():
    story = told(lead_joins=False)
    story.says(LEA, "hello")
    story.says(LEA, f"!role {MEI} lead")
    story.says(MEI, "yes")
    assert charter(story).lead == MEI
    assert LEA not in story.rooms[CIRCLE]


# -- laying down


@pytest.mark.parametrize("how", ["!resign", "leaves the room", "leave"])
def test_a_facilitator_goes(story, how):
    if how == "leaves the room":
        story.leaves(ADA, TEAM)
        story.looks(story.group)
    else:
        story.says(ADA, how)
    assert charter(story).facilitators == (BEN,)
    assert ADA not in powers(story)
    assert ADA not in story.rooms[TEAM]
    assert bool(story.consents(ADA)) == (how != "leave")
    assert f"{ADA} has laid the role" in next(h for h in story.heard if h.room == TEAM).body
    story.effects.clear()
    story.heard.clear()
    story.looks(story.group)
    assert not [e for e in story.effects if not isinstance(e, Remove)]
    assert not story.heard
    assert story.rooms[TEAM].get(ADA) is None


def test_who_never_came_into_the_room_has_not_left_it(story):
    story.says(ADA, f"!role {MEI} facilitator")
    story.says(BEN, "!role confirm")
    story.leaves(MEI, TEAM)
    story.says(MEI, "yes")
    story.leaves(MEI, TEAM)  # the invitation is declined
    story.looks(story.group)
    assert MEI in charter(story).facilitators


def test_who_left_the_room_can_be_asked_again(story):
    story.leaves(ADA, TEAM)
    story.looks(story.group)
    story.says(BEN, f"!role {ADA} facilitator")
    story.says(LEA, "!role confirm")
    story.says(ADA, "yes")
    story.looks(story.group)
    assert ADA in charter(story).facilitators
    assert story.rooms[TEAM][ADA] == "invite"


def test_being_taken_out_of_the_room_is_no_resignation(story):
    del story.rooms[TEAM][ADA]
    story.looks(story.group)
    assert ADA in charter(story).facilitators


def test_who_withdrew_in_any_way_has_no_role(story):
    [consent] = story.consents(ADA)
    story.records["consent", consent.key] = replace(consent, withdrawn=story.now)
    story.looks(story.group)
    assert charter(story).facilitators == (BEN,)
    assert ADA not in powers(story)


# -- taking away


@pytest.mark.parametrize(("first", "second"), [(LEA, ADA), (ADA, LEA)])
def test_lead_and_one_facilitator_revoke_at_once(story, first, second):
    story.says(first, f"!revoke {BEN}")
    assert BEN in charter(story).facilitators
    assert any("!revoke" in body for body in said_to(story, second))
    assert not said_to(story, BEN)
    story.effects.clear()
    story.says(second, f"!revoke {BEN}")
    assert charter(story).facilitators == (ADA,)
    assert powers(story) == {ADA: 50}
    assert BEN not in story.rooms[TEAM]
    assert story.rooms[CIRCLE][BEN] == "join"
    assert {e.what for e in story.done(SetPowers)} == {"circle", "noticeboard", "facilitators"}
    assert "still a member" in said_to(story, BEN)[-1]
    assert kind(story.says(BEN, f"!revoke {ADA}")) == ["refusal"]
    assert kind(story.says(BEN, "!open")) == ["refusal"]


def test_one_person_twice_or_two_facilitators_are_not_enough(story):
    story.says(ADA, f"!revoke {BEN}")
    story.says(ADA, f"!revoke {BEN}")
    assert BEN in charter(story).facilitators
    becomes_facilitator(story, MEI)
    story.says(MEI, f"!revoke {BEN}")
    assert BEN in charter(story).facilitators


def test_the_two_words_come_within_a_day(story):
    story.says(ADA, f"!revoke {BEN}")
    story.passes(hours=24)
    story.says(LEA, f"!revoke {BEN}")
    assert BEN in charter(story).facilitators
    story.passes(hours=23)
    story.says(ADA, f"!revoke {BEN}")
    assert BEN not in charter(story).facilitators


def test_whoever_was_revoked_says_no_second_word(story):
    becomes_facilitator(story, MEI)
    story.says(ADA, f"!revoke {BEN}")
    story.says(MEI, f"!revoke {ADA}")
    story.says(LEA, f"!revoke {ADA}")
    assert ADA not in charter(story).facilitators
    story.says(LEA, f"!revoke {BEN}")  # the word of ada does not count any more
    assert BEN in charter(story).facilitators


def test_the_lead_is_for_the_operator(story):
    becomes_facilitator(story, LEA)
    assert "who run the server" in story.says(ADA, f"!revoke {LEA}")[0].body
    story.happens(RoleOrdered(story.group, LEA, None))
    assert charter(story).lead is None
    assert LEA not in charter(story).facilitators
    assert LEA not in powers(story)


def test_without_a_lead_it_is_for_the_operator(story):
    story.happens(RoleOrdered(story.group, LEA, None))
    assert "who run the server" in story.says(ADA, f"!revoke {BEN}")[0].body


def test_the_operator_is_named_for_an_appeal(story):
    story.house = replace(story.house, operator="@op:example.org")
    story.happens(RoleOrdered(story.group, BEN, None))
    assert "@op:example.org" in said_to(story, BEN)[-1]
    assert BEN not in charter(story).named
    before = dict(story.records)
    story.happens(RoleOrdered(story.group, BEN, None))
    assert story.records == before


@pytest.mark.parametrize("role", list(GroupRole))
def test_the_operator_offers_and_the_member_says_yes(story, role):
    story.happens(RoleOrdered(story.group, MEI, role))
    assert MEI not in charter(story).named
    assert "who run the server" in said_to(story, MEI)[-1]
    story.says(MEI, "yes")
    assert MEI in charter(story).named
    story.happens(RoleOrdered(story.group, UserId("@nobody:example.org"), role))
    assert not team(story).offers


def test_the_operator_helps_where_nobody_is_left(story):
    for user in (ADA, BEN):
        story.says(user, "!resign")
    story.happens(RoleOrdered(story.group, MEI, GroupRole.FACILITATOR))
    story.says(MEI, "yes")
    assert charter(story).facilitators == (MEI,)
    assert powers(story) == {MEI: 50}


def test_in_a_small_group_each_is_told_in_private():
    story = told(Size.SMALL)
    story.says(LEA, f"!revoke {BEN}")
    story.says(ADA, f"!revoke {BEN}")
    assert "still a member" in said_to(story, BEN)[-1]
    assert any("no longer has a role" in body for body in said_to(story, LEA))
    assert RoomKind.FACILITATORS not in story.one(Group, story.group).rooms
    assert powers(story) == {ADA: 50, LEA: 50}  # the lead is the second now


def test_the_operator_hears_of_too_few_but_of_no_name(story):
    story.says(ADA, "!resign")
    [told_operator] = story.done(TellOperator)
    assert dict(told_operator.facts) == {"group": story.group, "facilitators": "1"}
