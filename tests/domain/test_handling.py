"""Handling a case, told as dialogues: seen by some, taken by one, carried on, to its end."""

from datetime import timedelta

import pytest

from appservice.domain.cases.case import About, Case, Concern, For, Level, Stage, Track
from appservice.domain.cases.log import pseudonym
from appservice.domain.effects import Page
from appservice.domain.events import CaseDue, PromptDue, RoleOrdered
from appservice.domain.group import Group
from appservice.domain.person import Asked, Choice
from appservice.domain.prompts import welcome
from appservice.domain.records import Care
from appservice.domain.types import EffectId, Prompt, RoomId, RoomKind, verbatim
from tests.domain.case_story import CAY, GROUP, LEA, TEAM, CaseStory, bodies, codes, told
from tests.support.story import ADA, BEN, KEEPER, MEI, ZOE, Heard, replace, words

UNKNOWN = "I know of no case"


@pytest.fixture
def story() -> CaseStory:
    return told()


def newest(story: CaseStory, kind: str, room: RoomId | None = None) -> Heard:
    """Return the newest message of a kind, whatever came after it."""
    return [h for h in story.heard if room in (None, h.room) and h.message.kind == kind][-1]


# -- who sees what


def test_cases_are_listed_without_what_was_said(story):
    story.raises()
    story.raises(ZOE, About.BEHAVIOUR)
    listed = story.in_team(ADA, "!cases")[0]
    assert listed.message.kind == "case_note"
    assert "C-1: Willow, care, no level yet, waits for somebody." in listed.body
    assert "C-2: Willow, conduct, waits for somebody." in listed.body
    assert MEI not in listed.body
    story.in_team(ADA, "!take 1")
    assert f"Who has it: {ADA}" in bodies(story.says(BEN, "!cases"))


def test_nothing_is_open_and_bad_numbers(story):
    assert "No case is open" in bodies(story.in_team(ADA, "!cases"))
    assert "Write its number" in bodies(story.in_team(ADA, "!case"))
    assert "Write its number" in bodies(story.in_team(ADA, "!case mine"))
    assert UNKNOWN in bodies(story.in_team(ADA, "!case 99"))
    assert "facilitators" in bodies(story.says(MEI, "!case 1"))


def test_whoever_is_named_never_sees_it_and_neither_does_their_room(story):
    story.raises(about=About.OTHER)
    story.changes(1, named=(BEN,))
    unknown = bodies(story.says(BEN, "!case 99")).replace("99", "1")
    for word in ("!case 1", "!take 1", "!join 1", "!confirm 1", "!case 1 level red"):
        assert bodies(story.says(BEN, word)) == unknown
    assert "No case is open" in bodies(story.says(BEN, "!cases"))
    assert UNKNOWN in bodies(story.in_team(ADA, "!case 1"))
    assert "C-1" in bodies(story.says(ADA, "!case 1"))
    story.says(ADA, "!take 1")
    assert story.case(1).owner == ADA


@pytest.mark.parametrize(
    ("visible", "sees"),
    [
        (For.FACILITATORS, {ADA, BEN, CAY, LEA}),
        (For.LEAD, {LEA}),
        (For.BUT_LEAD, {ADA, BEN, CAY}),
    ],
)
def test_who_sees_it_is_as_the_reporter_chose(story, visible, sees):
    story.raises(about=About.OTHER, visible=visible)
    asked = (ADA, BEN, CAY, LEA)
    seen = {user for user in asked if "!take 1" in bodies(story.says(user, "!case 1"))}
    assert seen == sees
    in_team = UNKNOWN not in bodies(story.in_team(ADA, "!case 1"))
    assert in_team == (visible is not For.LEAD)


def test_the_lead_takes_a_case_without_being_a_member(story):
    story.raises(about=About.BEHAVIOUR, visible=For.LEAD)
    story.says(LEA, "!take 1")
    assert story.case(1).owner == LEA
    assert [quote.room for quote in story.quotes()] == [story.person(LEA).chat]


def test_what_only_the_lead_sees_is_opened_to_one_second_person(story):
    story.raises(about=About.OTHER, visible=For.LEAD)
    story.changes(1, named=(CAY,))
    story.says(LEA, "!take 1")
    story.says(LEA, "!case 1 level red")
    assert "nobody else can see" in bodies(story.says(LEA, "!case 1 close looked-after"))
    assert story.case(1).wanted is None
    assert "!case 1 alone" in bodies(story.says(LEA, "!case 1 escalate"))
    assert "acted alone" in bodies(story.says(LEA, "!case 1 alone"))
    room = story.room_of(1, RoomKind.CASE)
    story.says(LEA, "!case 1 why it could not wait", room=room)
    assert "cannot look after" in bodies(story.says(LEA, f"!case 1 second {CAY}"))
    story.says(LEA, f"!case 1 second {BEN}")
    assert UNKNOWN in bodies(story.says(ADA, "!case 1"))
    story.says(LEA, "!case 1 close looked-after")
    story.says(BEN, "!confirm 1")
    assert not story.case(1).is_open


def test_what_only_the_lead_sees_stays_with_the_lead(story):
    """The second person would lose it at once, with the name of whoever raised it in hand."""
    story.raises(about=About.BEHAVIOUR, visible=For.LEAD)
    story.says(LEA, "!take 1")
    story.says(LEA, f"!case 1 second {ADA}")
    assert "!take" not in bodies(story.says(ADA, "!case 1"))
    assert "stays with the lead" in bodies(story.says(ADA, "!take 1 over"))
    assert "cannot look after" in bodies(story.says(LEA, f"!case 1 handover {ADA}"))
    story.says(LEA, "!case 1 release")
    assert "stays with the lead" in bodies(story.says(ADA, "!take 1"))
    assert [quote.room for quote in story.quotes()] == [story.person(LEA).chat]


def test_about_a_facilitator_no_step_is_named_that_is_not_for_them(story):
    story.raises(about=About.BEHAVIOUR, visible=For.LEAD)
    shown = bodies(story.says(LEA, "!case 1"))
    assert "!talk" not in shown
    assert "!revoke" in shown
    assert "!case 1 care" in shown
    story.raises(about=About.BEHAVIOUR)
    assert "!talk" in bodies(story.says(ADA, "!case 2"))


@pytest.mark.parametrize("room", [None, TEAM])
def test_a_wish_for_a_talk_has_no_words_and_nobody_is_asked_to_repeat_them(story, room):
    story.raises(excerpt=())
    story.says(ADA, "!take 1", room=room)
    told = story.hears("case_excerpt", story.person(ADA).chat).body
    assert told.startswith("C-1. There are no words with it")
    assert told.index(MEI) > 150  # characters that a preview on a locked phone shows at most
    assert "!case 1 contact" in told
    assert "!case 1 ask" not in told
    before = len(story.heard)
    assert "!case 1 contact" in bodies(story.says(ADA, "!case 1 ask", room=room))
    assert len(story.heard) == before + 1


def test_what_is_about_the_lead_is_opened_to_no_lead(story):
    story.raises(about=About.BEHAVIOUR, visible=For.BUT_LEAD)
    story.says(ADA, "!take 1")
    assert "cannot look after" in bodies(story.says(ADA, f"!case 1 second {LEA}"))


# -- taking


def test_the_words_go_to_whoever_took_it_and_to_nobody_else(story):
    case = story.raises()
    said = story.in_team(ADA, "!take 1")
    assert said[0].message.kind == "case_claimed"
    assert said[0].message.case == "C-1"
    [quote] = story.quotes()
    assert quote.room == story.person(ADA).chat
    assert (quote.user, quote.answers[0][1]) == (MEI, case.excerpt[0])
    assert quote.folded
    assert not quote.followed
    note = story.hears("case_excerpt", quote.room).body
    assert note.startswith("C-1. Below are somebody's own words")
    assert MEI in note
    assert note.index(MEI) > 150  # characters that a preview on a locked phone shows at most
    assert MEI not in said[0].body
    assert (story.case(1).owner, story.case(1).shown) == (ADA, (ADA,))
    story.in_team(BEN, "!case 1")
    story.says(BEN, "!case 1")
    assert len(story.quotes()) == 1


def test_the_name_of_a_reporter_is_for_the_owner_alone(story):
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    assert "Only you see who raised it" in newest(story, "case_excerpt").body
    story.says(ADA, f"!case 1 second {BEN}")
    story.says(ADA, "!case 1 share")
    heard = [one for one in story.heard if ZOE in one.body and one.message.case]
    assert {one.room for one in heard} == {story.person(ADA).chat}
    assert story.case(1).shown == (ADA, BEN)


def test_a_picture_comes_when_its_owner_is_ready_for_it(story):
    case = story.raises()
    story.says(ADA, "!take 1")
    assert f"{ADA} has C-1" in bodies(story.says(BEN, "!case 1 show"))
    story.says(ADA, "!case 1 show")
    quote = story.quotes()[-1]
    assert (quote.room, quote.whole) == (story.person(ADA).chat, True)
    assert quote.answers[0][1] == case.excerpt[0]


def test_one_has_it_and_the_other_is_told_who(story):
    story.raises()
    story.in_team(ADA, "!take 1")
    assert f"{ADA} has C-1" in bodies(story.in_team(BEN, "!take 1"))
    assert "yours already" in bodies(story.in_team(ADA, "!take 1"))
    assert story.case(1).owner == ADA
    assert codes(story.case(1)) == ["received", "ladder duty", "claimed"]


def test_a_number_on_an_alert_takes_it(story):
    story.raises()
    chat = story.person(ADA).chat
    choice = Choice("take", verbatim("I take it"), verbatim("1"))
    alert = Asked(EffectId("x"), "case", GROUP, "", (choice,), shown=True, room=chat, about="1")
    story.records["person", ADA] = replace(story.person(ADA), asked=(alert,))
    story.says(ADA, "1")
    assert story.case(1).owner == ADA
    assert len(story.quotes()) == 1
    story.records["person", BEN] = replace(
        story.person(BEN), asked=(replace(alert, room=story.person(BEN).chat),)
    )
    assert f"{ADA} has C-1" in bodies(story.says(BEN, "1"))
    story.records["person", LEA] = replace(
        story.person(LEA), asked=(replace(alert, room=story.person(LEA).chat),)
    )
    assert "write it out: !take 1" in bodies(story.says(LEA, "1"))


@pytest.mark.parametrize("how", ["word", "clock"])
def test_who_raised_it_hears_that_nobody_has_it_any_more(story, how):
    """They were told that somebody looks after it, and may wait for that."""
    story.raises()
    story.says(ADA, "!take 1")
    assert "looks after it" in story.hears("flag_update", story.person(MEI).chat).body
    if how == "word":
        story.says(ADA, "!case 1 release")
    else:
        story.passes(hours=4)
    assert story.case(1).owner is None
    told = story.hears("flag_update", story.person(MEI).chat).body
    assert "waits for somebody again" in told
    assert ADA not in told


@pytest.mark.parametrize("word", ["!off", "!away 2 weeks"])
def test_who_rests_is_told_which_cases_they_still_have(story, word):
    """Whoever raised it was told that somebody looks after it."""
    story.raises()
    story.says(ADA, "!take 1")
    story.raises(ZOE, visible=For.LEAD)
    told = bodies(story.says(ADA, word))
    assert "C-1 (care) is still with you" in told
    assert "!case 1 handover" in told
    assert "C-2" not in told
    before = len(story.heard)
    story.passes(hours=4)
    assert story.case(1).owner is None
    heard = [one for one in story.heard[before:] if one.room == story.person(ADA).chat]
    assert bool(heard) == (word == "!off")
    story.says(ADA, "!on")
    assert "still with you" not in bodies(story.says(ADA, "!off"))


def test_a_second_person_is_named_no_word_that_is_the_owners(story):
    story.raises()
    for word in ("!take 1", "!case 1 level red", f"!case 1 second {BEN}", "!case 1 contact"):
        story.says(ADA, word)
    story.passes(hours=2)
    assert "!case 1 follow-up" in story.hears("case_note", story.person(ADA).chat).body
    told = story.hears("case_note", story.person(BEN).chat).body
    assert "2 hours have passed" in told
    assert "!case" not in told


def test_a_lead_who_is_no_member_is_shown_the_word_that_takes_it(story):
    """A number alone does not: it is not for a group that they have not joined."""
    story.raises(visible=For.LEAD)
    assert "!take 1: I take it" in story.hears("case_new", story.person(LEA).chat).body
    story.says(LEA, "!take 1")
    assert story.case(1).owner == LEA


def test_who_is_off_duty_may_look_and_takes_it_only_if_it_cannot_wait(story):
    story.raises()
    story.says(BEN, "!off")
    assert "!take 1" in bodies(story.says(BEN, "!case 1"))
    assert "off duty" in bodies(story.says(BEN, "!take 1"))
    assert story.case(1).owner is None
    story.changes(1, level=Level.RED)
    story.says(BEN, "!take 1")
    assert story.case(1).owner == BEN


def test_a_takeover_is_said_twice_written_down_and_told(story):
    story.raises()
    story.says(ADA, "!take 1")
    assert "!take 1 over" in bodies(story.says(BEN, "!take 1"))
    story.says(BEN, "!take 1 over")
    case = story.case(1)
    assert (case.owner, case.stage, case.shown) == (BEN, Stage.CLAIMED, (ADA, BEN))
    assert codes(case)[-1] == "taken_over"
    assert f"with {BEN} now" in story.hears("case_claimed", story.person(ADA).chat).body
    assert [quote.room for quote in story.quotes()][-1] == story.person(BEN).chat


def test_what_is_given_back_waits_anew(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.passes(minutes=30)
    story.says(ADA, "!case 1 release")
    case = story.case(1)
    assert (case.stage, case.owner, case.waits, case.since) == (
        Stage.RECEIVED,
        None,
        1,
        story.now,
    )


def test_words_that_are_gone_can_be_asked_for_again(story):
    story.raises()
    story.says(ADA, "!take 1")
    assert "!case 1 ask" in words().say(story.quotes()[0].gone, "en")
    story.says(ADA, "!case 1 ask")
    assert "write it again" in story.hears("flag_update", story.person(MEI).chat).body
    story.changes(1, reporter=None, excerpt=())
    story.says(BEN, "!take 1 over")
    assert "so are the words" in story.hears("case_excerpt", story.person(BEN).chat).body
    assert "so are the words" in bodies(story.says(BEN, "!case 1 ask"))


def test_more_than_two_cases_are_a_lot(story):
    for _ in range(3):
        story.raises(about=About.OTHER)
    story.says(ADA, "!take 1")
    assert "That is a lot" not in bodies(story.says(ADA, "!take 2"))
    third = bodies(story.says(ADA, "!take 3"))
    assert "3 open cases" in third
    assert BEN in third or CAY in third
    assert story.case(3).owner == ADA


# -- carrying on


def test_only_its_owner_says_what_is_done(story):
    story.raises()
    assert "Take it first" in bodies(story.says(BEN, "!case 1 watch"))
    story.says(ADA, "!take 1")
    assert f"{ADA} has C-1" in bodies(story.says(BEN, "!case 1 watch"))
    story.says(ADA, "!case 1 watch")
    assert story.case(1).stage is Stage.WATCHING


def test_what_does_not_go_now_says_what_does(story):
    story.raises()
    story.says(ADA, "!take 1")
    refused = story.says(ADA, "!case 1 debrief")[0]
    assert refused.message.kind == "refusal"
    assert "!case 1 close" in refused.body
    assert "!case 1 debrief" not in refused.body
    story.says(ADA, "!case 1 close looked-after")
    closed = bodies(story.says(ADA, "!take 1"))
    assert "closed" in closed
    assert "!case 1 debrief" in closed
    assert "closed" in bodies(story.says(ADA, "!case 1 watch"))
    assert story.case(1).stage is Stage.CLOSED


@pytest.mark.parametrize(
    "text",
    [
        "!case 1 level",
        "!case 1 level purple",
        "!case 1 close",
        "!case 1 close now",
        "!case 1 about",
        "!case 1 about @nobody:example.org",
        "!case 1 second",
        f"!case 1 second {MEI}",
        f"!case 1 second {ADA}",
        "!case 1 handover",
        f"!case 1 contact {ZOE}",
        "!case 1 confirm",
        "!case 1 unconfirmed",
        "!case 1 alone",
        "!case 1 why",
        "!case 1 share",
        "!case 1 care",
        "!case 1 dance",
        "!confirm 1",
    ],
)
def test_what_is_not_understood_changes_nothing(story, text):
    story.raises()
    story.says(ADA, "!take 1")
    before = story.case(1)
    [answer] = story.says(ADA, text)
    assert answer.message.kind == "refusal"
    assert story.case(1) == before


def test_a_level_is_set_by_people_and_up_at_once(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level amber")
    assert story.one(Group, GROUP).red is None
    assert "Nobody does red alone" in bodies(story.says(ADA, "!case C-1 level red"))
    assert story.case(1).level is Level.RED
    assert story.one(Group, GROUP).red == story.now
    assert story.one(Care, MEI).red == (1,)


def test_down_from_red_and_its_close_need_two(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level red")
    assert "needs two" in bodies(story.says(ADA, "!case 1 level green"))
    assert story.case(1).level is Level.RED
    assert "somebody else" in bodies(story.says(ADA, "!confirm 1"))
    assert "set the level to green" in story.hears("notice", TEAM).body
    story.says(BEN, "!confirm 1")
    case = story.case(1)
    assert (case.level, case.second, case.wanted) == (Level.GREEN, BEN, None)
    assert story.one(Care, MEI).red == ()
    story.says(ADA, "!case 1 level red")
    story.says(ADA, "!case 1 close looked-after")
    assert story.case(1).is_open
    story.says(BEN, "!confirm 1")
    assert story.case(1).closed == story.now
    assert "closed" in story.hears("case_closed", TEAM).body


def test_people_outside_are_asked_with_a_second_persons_word(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 second {BEN}")
    story.says(ADA, "!case 1 escalate")
    assert story.case(1).stage is Stage.CLAIMED
    assert "ask people outside" in story.hears("notice", story.person(BEN).chat).body
    room = story.room_of(1, RoomKind.CASE)
    story.says(BEN, "!confirm 1", room=room)
    assert story.case(1).stage is Stage.ESCALATED
    assert story.case(1).log[-1].by == pseudonym(GROUP, BEN)


def test_alone_only_to_save_a_life_and_why_is_written_before_it_closes(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 escalate")
    story.says(ADA, "!case 1 alone")
    case = story.case(1)
    assert case.stage is Stage.ESCALATED
    assert "alone" in codes(case)
    room = story.room_of(1, RoomKind.CASE)
    assert story.rooms[room][ADA] == "invite"
    assert "why you acted alone" in bodies(story.says(ADA, "!case 1 close looked-after"))
    assert "in the room" in bodies(story.says(ADA, "!case 1 why nobody answered"))
    assert "Your words stay here" in bodies(
        story.says(ADA, "!case 1 why nobody answered", room=room)
    )
    story.says(ADA, "!case 1 close looked-after")
    assert not story.case(1).is_open


def test_a_second_person_joins_and_the_two_have_a_room(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(BEN, "!join 1")
    room = story.room_of(1, RoomKind.CASE)
    assert {ADA, BEN, KEEPER} <= story.rooms[room].keys()
    assert "not alone" in story.hears("notice", story.person(ADA).chat).body
    assert "second person is" in bodies(story.says(CAY, "!join 1"))
    assert len(story.quotes()) == 1
    story.says(ADA, "!case 1 share", room=room)
    assert story.quotes()[-1].room == room
    story.accepts(ADA)
    story.accepts(BEN)
    story.says(CAY, "!take 1 over")
    assert ADA not in story.rooms[room]
    assert {CAY, BEN} <= story.rooms[room].keys()


def test_whose_time_is_over_is_joined_by_nobody_and_all_are_asked_anew(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.now += timedelta(hours=5)  # of downtime: the case was due to be given back
    heard = story.says(BEN, "!join 1")
    assert story.case(1).owner is None
    assert story.case(1).second is None
    assert "!take 1" in heard[-1].body
    assert story.says(BEN, "1")[0].message.kind == "case_claimed"


def test_a_room_of_one_case_knows_of_no_other(story):
    story.raises()
    story.raises(about=About.OTHER)
    story.says(ADA, "!take 1")
    story.says(BEN, "!join 1")
    room = story.room_of(1, RoomKind.CASE)
    assert UNKNOWN in bodies(story.says(ADA, "!case 2", room=room))
    assert UNKNOWN not in bodies(story.says(ADA, "!case 1", room=room))


def test_a_handover_to_a_colleague_needs_their_yes(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 handover {BEN}")
    assert story.case(1).owner == ADA
    assert BEN in bodies(story.says(CAY, "!confirm 1"))
    story.says(BEN, "!confirm 1")
    case = story.case(1)
    assert (case.owner, case.shown) == (BEN, (ADA, BEN))
    assert codes(case)[-2:] == ["handed_over", "handover_confirmed"]
    assert story.quotes()[-1].room == story.person(BEN).chat


def test_red_does_not_close_over_a_handover_that_nobody_has_confirmed(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level red")
    story.says(ADA, "!case 1 handover to services")
    assert story.case(1).stage is Stage.HANDED_OVER
    story.says(ADA, "!case 1 watch")
    assert "has the handover arrived" in bodies(story.says(ADA, "!case 1 close looked-after"))
    story.says(ADA, "!case 1 handover services")
    story.says(ADA, "!case 1 unconfirmed")
    story.says(ADA, "!case 1 close looked-after")
    story.says(BEN, "!confirm 1")
    assert not story.case(1).is_open


def test_a_confirmed_handover_leads_to_looking_in_again(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 handover services")
    story.says(ADA, "!case 1 confirm")
    assert story.case(1).stage is Stage.FOLLOWING_UP


# -- naming and tracks


def test_whom_it_is_about_is_named_by_people_and_cared_for(story):
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    heard = len(story.heard)
    story.says(ADA, f"!case 1 about {MEI}")
    assert [care.user for care in story.all(Care)] == [MEI]
    assert not [one for one in story.heard[heard:] if one.room == story.person(MEI).chat]
    story.says(ADA, f"!case 1 about not {MEI}")
    assert not story.all(Care)


def test_an_owner_who_is_named_loses_it_and_hears_no_more(story):
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    story.says(BEN, "!join 1")
    story.says(ADA, f"!case 1 about {BEN}")
    assert story.case(1).second is None
    assert BEN not in story.rooms[story.room_of(1, RoomKind.CASE)]
    story.says(ADA, f"!case 1 about {ADA}")
    assert (story.case(1).owner, story.case(1).waits) == (None, 1)
    assert UNKNOWN in bodies(story.says(ADA, "!case 1"))


def test_care_does_not_become_conduct_about_the_same_person(story):
    story.raises()
    story.says(ADA, "!take 1")
    assert "stays with care" in bodies(story.says(ADA, "!case 1 conduct"))
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 2")
    story.says(ADA, f"!case 2 about {MEI}")
    story.says(ADA, f"!case 2 about not {MEI}")
    assert "stays with care" in bodies(story.says(ADA, "!case 2 conduct"))
    assert {case.track for case in story.all(Case)} == {Track.CARE}


def test_conduct_becomes_care_with_one_word(story):
    story.raises(ZOE, About.BEHAVIOUR)
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 about {MEI}")
    assert not story.all(Care)
    assert "no level" in bodies(story.says(ADA, "!case 1 level red"))
    story.says(ADA, "!case 1 care")
    assert story.case(1).track is Track.CARE
    assert [care.user for care in story.all(Care)] == [MEI]


# -- contact


def test_who_asked_for_themselves_gets_a_room_and_a_word(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 contact")
    room = story.room_of(1, RoomKind.CONTACT)
    assert {MEI, ADA} <= story.rooms[room].keys()
    assert KEEPER not in story.rooms[room]
    told = story.hears("notice", story.person(MEI).chat).body
    assert "I am not in there" in told
    assert story.case(1).stage is Stage.IN_CONTACT


@pytest.mark.parametrize("word", ["!case 1 contact", f"!case 1 contact {MEI}"])
def test_the_room_of_facilitators_does_not_hear_who_gets_a_room(story, word):
    """They raised it about themselves, and only its owner is to see that."""
    story.raises()
    story.in_team(ADA, "!take 1")
    said = story.in_team(ADA, word)
    assert MEI not in bodies(one for one in said if one.room == TEAM)
    assert MEI in bodies(one for one in said if one.room == story.person(ADA).chat)
    assert story.rooms[story.room_of(1, RoomKind.CONTACT)][MEI] == "invite"


def test_the_room_of_facilitators_does_not_hear_whose_colleague_is_in_contact(story):
    story.raises()
    story.raises(ZOE, About.OTHER)
    for word in ("!take 2", f"!case 2 about {MEI}", "!case 2 contact"):
        story.says(BEN, word)
    story.in_team(ADA, "!take 1")
    said = story.in_team(ADA, "!case 1 contact")
    assert [one.room for one in said] == [story.person(ADA).chat]
    assert "in contact with them already" in bodies(said)


def test_a_flagged_person_hears_nothing_of_us(story):
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 about {MEI}")
    chat, before = story.person(MEI).chat, len(story.heard)
    story.says(ADA, "!case 1 contact")
    assert story.room_of(1, RoomKind.CONTACT) is None
    assert story.case(1).stage is Stage.IN_CONTACT
    told = bodies(story.says(ADA, f"!case 1 contact {MEI}"))
    assert "I do not write to them" in told
    assert story.rooms[story.room_of(1, RoomKind.CONTACT)][MEI] == "invite"
    for level in ("green", "red"):
        story.says(ADA, f"!case 1 level {level}")
    story.passes(days=1)
    story.says(ADA, "!case 1 close looked-after")
    story.says(BEN, "!confirm 1")
    assert not [one for one in story.heard[before:] if one.room == chat]


def test_the_room_for_two_is_for_two(story):
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 about {MEI}")
    story.says(ADA, f"!case 1 contact {MEI}")
    room = story.room_of(1, RoomKind.CONTACT)
    story.says(BEN, "!take 1 over")
    story.says(BEN, f"!case 1 contact {MEI}")
    assert {MEI, BEN} <= story.rooms[room].keys()
    assert not {ADA, ZOE} & story.rooms[room].keys()


def test_a_reporter_is_told_what_a_talk_is_about(story):
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 contact {ZOE}")
    assert "what you have raised" in story.hears("notice", story.person(ZOE).chat).body


def test_two_do_not_contact_the_same_person_unknowingly(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 contact")
    story.raises(ZOE, About.OTHER)
    story.says(BEN, "!take 2")
    story.says(BEN, f"!case 2 about {MEI}")
    assert f"{ADA} is in contact with them already" in bodies(story.says(BEN, "!case 2 contact"))
    assert story.case(2).stage is Stage.CLAIMED
    story.says(BEN, "!case 2 contact anyway")
    assert story.case(2).stage is Stage.IN_CONTACT


def test_a_colleague_in_a_case_that_one_may_not_see_has_no_name(story):
    story.raises()
    story.changes(1, visible=For.LEAD)
    story.says(LEA, "!take 1")
    story.says(LEA, "!case 1 contact")
    story.raises(ZOE, About.OTHER)
    story.says(BEN, "!take 2")
    story.says(BEN, f"!case 2 about {MEI}")
    told = bodies(story.says(BEN, "!case 2 contact"))
    assert "A colleague is in contact" in told
    assert LEA not in told
    assert "C-1" not in told


# -- the clock


@pytest.mark.parametrize(
    ("level", "minutes"), [("red", 10), ("amber", 240), ("green", 1440), (None, 240)]
)
def test_who_does_nothing_loses_it_kindly_and_others_are_asked(story, level, minutes):
    story.raises()
    story.says(ADA, "!take 1")
    if level:
        story.says(ADA, f"!case 1 level {level}")
    story.passes(minutes=minutes - 1)
    assert story.case(1).owner == ADA
    story.passes(minutes=1)
    case = story.case(1)
    assert (case.stage, case.owner, case.waits) == (Stage.RECEIVED, None, 1)
    assert case.since == story.now
    assert "That is all right" in newest(story, "case_note", story.person(ADA).chat).body
    story.says(ADA, "!take 1")
    assert story.case(1).owner == ADA


def test_who_lost_their_role_in_an_outage_is_asked_to_look_in_no_more(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 watch")
    story.happens(RoleOrdered(GROUP, ADA, None))
    story.heard.clear()
    story.passes(days=8)
    assert not [h for h in story.heard if h.room == story.person(ADA).chat and h.message.case]
    assert story.case(1).owner is None


def test_a_second_person_stays_when_the_first_is_not_heard_of(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 second {BEN}")
    story.passes(hours=5)
    assert (story.case(1).owner, story.case(1).second) == (None, BEN)
    story.says(CAY, "!take 1")
    room = story.room_of(1, RoomKind.CASE)
    assert {CAY, BEN} <= story.rooms[room].keys()
    assert ADA not in story.rooms[room]


def test_who_has_begun_keeps_it(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.passes(hours=3)
    story.says(ADA, "!case 1 watch")
    story.passes(hours=20)
    assert story.case(1).owner == ADA


def looks(case: Case) -> list[str]:
    return [code for code in codes(case) if code.startswith("look ")]


@pytest.mark.parametrize(
    ("level", "hours"),
    [("red", [2, 24, 72, 168, 2184]), ("amber", [24, 72, 168]), ("green", [168])],
)
def test_its_owner_is_asked_to_look_in_again_in_time(story, level, hours):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 level {level}")
    story.says(ADA, "!case 1 watch")
    begun = story.now
    for after in hours:
        story.passes(seconds=(begun + timedelta(hours=after) - story.now).total_seconds() - 1)
        story.passes(seconds=1)
        assert looks(story.case(1))[-1] == f"look {after}"
        assert story.hears("case_note", story.person(ADA).chat)
    assert len(looks(story.case(1))) == len(hours)


def test_after_downtime_it_asks_once(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level red")
    story.says(ADA, "!case 1 watch")
    heard = len(story.heard)
    story.passes(days=5)
    assert looks(story.case(1)) == ["look 72"]
    assert len([one for one in story.heard[heard:] if one.message.kind == "case_note"]) == 1


def test_a_member_who_wants_none_is_not_looked_in_on(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 watch")
    story.says(ADA, "!case 1 no-follow-up")
    story.passes(days=8)
    assert not looks(story.case(1))


def test_a_group_stays_calm_for_as_long_as_a_case_is_red(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level red")
    story.says(ADA, "!case 1 watch")
    for _ in range(8):
        story.passes(hours=12)
        assert story.now - story.one(Group, GROUP).red < timedelta(hours=24)


def test_nothing_comes_unasked_to_whom_a_red_case_names(story):
    story.raises()
    event = PromptDue(MEI, GROUP, Prompt.DIGEST, "")
    assert welcome(story.state(event), MEI, GROUP, "cause", story.now) is not None
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level red")
    assert welcome(story.state(event), MEI, GROUP, "cause", story.now) is None
    assert welcome(story.state(event), MEI, GROUP, "c", story.now, must_know=True) is None


def closes(story: CaseStory) -> None:
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 second {BEN}")
    story.says(ADA, "!case 1 contact")
    story.says(ADA, "!case 1 close looked-after")


def test_after_a_close_it_is_talked_over(story):
    closes(story)
    story.passes(hours=1)
    assert BEN in story.hears("case_note", story.person(ADA).chat).body
    assert ADA in story.hears("case_note", story.person(BEN).chat).body
    story.says(BEN, "!case 1 debrief")
    assert story.case(1).stage is Stage.DEBRIEFED


def test_after_a_month_codes_and_moments_stay_and_then_nothing(story):
    closes(story)
    rooms = [story.room_of(1, kind) for kind in (RoomKind.CASE, RoomKind.CONTACT)]
    story.passes(days=29)
    assert story.case(1)
    story.passes(days=1)
    assert not story.all(Case)
    assert not any(story.rooms[room] for room in rooms)
    assert not story.one(Group, GROUP).side
    [concern] = story.all(Concern)
    assert [line.code for line in concern.log][-1] == "erased"
    for user in (ADA, BEN, MEI):
        assert user not in repr(concern)
    assert UNKNOWN in bodies(story.says(ADA, "!case 1"))
    story.passes(days=729)
    assert story.all(Concern)
    story.passes(days=2)
    assert not story.all(Concern)
    assert not [key for key in story.timers if key.startswith("case ")]


def test_an_operator_can_keep_cases_for_longer(story):
    story.house = replace(story.house, keep_cases=timedelta(days=90))
    closes(story)
    story.passes(days=60)
    assert story.case(1)
    story.passes(days=31)
    assert not story.all(Case)


def test_a_red_case_is_reviewed_after_three_months_by_its_number(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 level red")
    story.says(ADA, "!case 1 close looked-after")
    story.says(BEN, "!confirm 1")
    story.passes(days=30)
    story.passes(days=60)
    heard = len(story.heard)
    story.passes(days=2)
    assert "three months ago" in bodies(story.heard[heard:])
    story.happens(CaseDue(GROUP, 1))
    story.passes(days=30)
    assert len([one for one in story.heard[heard:] if "three months" in one.body]) == 1


# -- leaving, and the end of a group


def test_a_facilitator_who_goes_lets_go_of_their_cases(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 second {BEN}")
    story.says(ADA, "!case 1 contact")
    rooms = [story.room_of(1, kind) for kind in (RoomKind.CASE, RoomKind.CONTACT)]
    story.says(ADA, "leave")
    story.passes(seconds=1)
    case = story.case(1)
    assert (case.owner, case.stage, case.waits) == (None, Stage.RECEIVED, 1)
    assert not [room for room in rooms if ADA in story.rooms[room]]
    told = newest(story, "case_note", story.person(BEN).chat)
    assert "waits for one of you again" in told.body
    assert MEI in story.rooms[rooms[1]]


def test_a_second_person_who_resigns_is_out_too(story):
    story.raises()
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 second {BEN}")
    story.says(BEN, "!resign")
    story.passes(seconds=1)
    assert (story.case(1).owner, story.case(1).second) == (ADA, None)


def test_a_group_does_not_close_over_an_open_case(story):
    story.raises(ZOE, About.BEHAVIOUR)
    story.says(ADA, "!close")
    story.says(BEN, "!close")
    for _ in range(16):
        story.passes(days=1)
    assert story.one(Group, GROUP).stage == "closing"
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 close no-concern")
    story.passes(days=1)
    assert story.one(Group, GROUP).stage == "closed"
    story.passes(days=30)
    assert not story.all(Case)


def test_a_crossing_repeat_changes_nothing(story):
    closes(story)
    story.says(BEN, "!confirm 1")
    before = story.case(1)
    for event in (CaseDue(GROUP, 1), CaseDue(GROUP, 77)):
        story.happens(event)
    assert story.case(1) == before
    assert not story.done(Page)


def test_in_german(story):
    story.says(ADA, "sprache de")
    story.raises()
    assert "wartet auf jemanden" in bodies(story.says(ADA, "!fälle"))
    story.says(ADA, "!nehmen 1")
    story.says(ADA, "!fall 1 stufe rot")
    story.says(ADA, "!fall 1 beobachten")
    assert (story.case(1).level, story.case(1).stage) == (Level.RED, Stage.WATCHING)
    story.says(ADA, "!fall 1 zu versorgt")
    story.says(BEN, "!confirm 1")
    assert not story.case(1).is_open
    assert "stimmt zu" in story.hears("notice", story.person(ADA).chat).body


def test_who_is_named_does_not_read_it_in_their_own_room(story):
    story.raises(ZOE, About.OTHER)
    story.in_team(ADA, "!take 1")
    story.says(BEN, "!join 1")
    room, before = story.room_of(1, RoomKind.CASE), len(story.heard)
    story.says(ADA, f"!case 1 about {BEN}", room=room)
    assert {one.room for one in story.heard[before:]} == {story.person(ADA).chat}
    before = len(story.heard)
    story.in_team(ADA, "!case 1 watch")
    assert UNKNOWN in bodies(story.heard[before:])
