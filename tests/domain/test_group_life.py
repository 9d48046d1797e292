"""The life of a group: quiet, reviewed, closed with a goodbye, never over a care case."""

from datetime import timedelta

import pytest

from appservice.domain.application import Application, Code
from appservice.domain.effects import EmptyRoom
from appservice.domain.entries import DATA, RULES
from appservice.domain.events import (
    CloseAsked,
    GroupDue,
    GroupInspected,
    RoomFacts,
    RoomMade,
)
from appservice.domain.founding import PLAN_SMALL, PLAN_STANDARD
from appservice.domain.group import Group
from appservice.domain.records import Care, Consent, Grace, Renewal, Room, Version
from appservice.domain.types import Matter, RoomKind, Size
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

TEAM, BOARD = "!facilitators-group-WILLOW-7Q4K", "!noticeboard-group-WILLOW-7Q4K"


def lived_in(size="standard", *users):
    story = Story()
    group = story.founds(replace(example(size), facilitators=(ADA, BEN)))
    story.lets_in(ADA, BEN, MEI, *users)
    story.heard.clear()
    story.effects.clear()
    return story, group


def stage(story, group):
    return story.one(Group, group).stage


def bodies(heard):
    return " ".join(one.body for one in heard)


# -- quiet


def test_a_quiet_group_lets_nobody_in_and_its_members_are_told_once():
    story, group = lived_in()
    heard = story.says(ADA, "!quiet until 2026-12-24")
    assert stage(story, group) == "quiet"
    assert [h.room for h in heard] == [BOARD, story.person(ADA).chat]
    assert story.says(ZOE, f"join {CODE}")[0].message.kind == "refusal"
    story.passes(days=30)
    story.passes(days=1.1)
    assert stage(story, group) == "open"
    assert story.says(ZOE, f"join {CODE}")[0].message.kind == "age"


def test_somebody_wakes_a_quiet_group():
    story, group = lived_in("small")
    heard = story.says(ADA, "!quiet")
    assert {h.room for h in heard} == {story.person(u).chat for u in (ADA, BEN, MEI)}
    assert len(heard) == 3
    assert story.says(ADA, "!quiet until 2026-01-01")[0].message.kind == "refusal"
    assert story.says(ADA, "!quiet soon")[0].message.kind == "refusal"
    story.says(BEN, "!wake")
    assert stage(story, group) == "open"
    assert story.says(BEN, "!wake")[0].message.kind == "refusal"
    assert not story.timers


def test_who_is_in_by_grace_passes_the_gate_of_a_quiet_group():
    story, group = lived_in()
    story.opens_chat(ZOE)
    circle = story.one(Group, group).rooms[RoomKind.CIRCLE]
    story.rooms[circle][ZOE] = "join"
    story.restored = True
    story.looks(group)
    story.restored = False
    story.says(ADA, "!quiet")
    story.says(ZOE, "continue")
    story.says(ZOE, "yes")
    story.answers_right(ZOE)
    story.says(ZOE, "I agree to the rules")
    story.says(ZOE, "I consent")
    assert story.consents(ZOE)
    story.passes(days=15)
    story.looks(group)
    assert ZOE in story.rooms[circle]


# -- review


def test_the_review_comes_twice_and_rests_until_somebody_looked():
    story = Story()
    charter = replace(example(), facilitators=(ADA, BEN), lead=ZOE)
    group = story.founds(charter, is_open=False)
    for user in (ADA, BEN):
        story.lets_in(user)
        story.says(user, "!sign")
    story.opens_chat(ZOE, "lead")
    story.says(ADA, "!open")
    story.timers.pop(f"group {group} plan")  # told in test_crisis_plan.py
    story.heard.clear()
    story.passes(days=182 - 15)
    assert not story.heard
    story.passes(days=2)
    assert {h.room for h in story.heard} == {TEAM, story.person(ZOE).chat}
    story.heard.clear()
    story.passes(days=14)
    assert "today" in bodies(story.heard)
    story.heard.clear()
    story.passes(days=60)
    assert not story.heard
    assert "2028" in story.says(ADA, "!reviewed")[0].body
    story.heard.clear()
    story.passes(days=182)
    assert "today" in bodies(story.heard), "a clock that jumped says it once"
    assert len({h.body for h in story.heard}) == 1
    assert story.one(Group, group).review is not None


def test_the_first_review_can_stand_in_the_charter():
    story = Story()
    charter = replace(example(), facilitators=(ADA, BEN), review="2027-01-31")
    group = story.founds(charter, is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        story.says(user, "!sign")
    story.says(ADA, "!open")
    assert f"{story.one(Group, group).review:%Y-%m-%d}" == "2027-01-31"


# -- closing


def closes(story):
    story.says(ADA, "!close")
    return story.says(BEN, "!close")


def test_closing_needs_a_second_word():
    story, group = lived_in()
    heard = story.says(ADA, "!close")
    assert stage(story, group) == "open"
    assert {h.room for h in heard} == {TEAM, story.person(ADA).chat}
    story.says(ADA, "!close")
    assert stage(story, group) == "open", "nobody is their own second"
    heard = story.says(BEN, "!close")
    assert stage(story, group) == "closing"
    assert story.person(MEI).chat in {h.room for h in heard}
    assert "say goodbye" in bodies(heard)
    assert story.says(ZOE, f"join {CODE}")[0].message.kind == "refusal"
    assert story.says(ADA, "!close")[0].message.kind == "refusal"
    assert story.says(ADA, "!quiet")[0].message.kind == "refusal"


def test_another_day_needs_the_others_word_again():
    story, group = lived_in()
    story.says(ADA, "!close 2027-01-10")
    story.says(BEN, "!close 2027-02-10")
    assert stage(story, group) == "open"
    story.says(ADA, "!close")
    assert f"{story.one(Group, group).closing.on:%Y-%m-%d}" == "2027-02-10"
    assert stage(story, group) == "closing"


@pytest.mark.parametrize(
    "day", ["2026-11-25", "2025-01-01", "2029-01-01", "tomorrow", "2026-13-01"]
)
def test_a_day_that_is_no_day_for_it(day):
    story, group = lived_in()
    assert story.says(ADA, f"!close {day}")[0].message.kind == "refusal"
    assert story.one(Group, group).closing is None


def test_a_wish_that_waited_leaves_time_for_a_goodbye():
    story, group = lived_in()
    story.says(ADA, "!close")
    story.passes(days=13)
    story.says(BEN, "!close")
    assert (story.one(Group, group).closing.on - story.now).days == 7


def test_it_can_be_taken_back_until_the_day():
    story, group = lived_in()
    story.says(ADA, "!close")
    story.says(BEN, "!close undo")
    assert story.one(Group, group).closing is None
    closes(story)
    story.passes(days=13.5)
    heard = story.says(ADA, "!close undo")
    assert stage(story, group) == "open"
    assert {h.room for h in heard} == {story.person(u).chat for u in (ADA, BEN, MEI)}
    story.passes(days=30)
    assert stage(story, group) == "open"
    assert story.consents(MEI)
    assert story.says(ADA, "!close undo")[0].message.kind == "refusal"


def test_the_day_before_facilitators_get_words_for_the_circle():
    story, group = lived_in()
    closes(story)
    story.heard.clear()
    story.passes(days=12.5)
    assert not story.heard
    story.passes(days=0.6)
    assert [h.room for h in story.heard] == [TEAM]
    assert "last evening" in bodies(story.heard)
    assert "116 123" in bodies(story.heard)
    assert stage(story, group) == "closing"


def ends(story):
    story.passes(days=13.1)
    story.passes(days=1)


def test_on_the_day_all_are_out_and_what_was_known_is_erased():
    story, group = lived_in("standard", ZOE)
    story.says(ADA, "!rules propose 7. Rest: Rest now and then.")
    story.says(ADA, "!rules propose de 7. Ruh: Ruh dich manchmal aus.")
    story.says(ADA, "!rules why It helps.")
    story.says(ADA, "!rules publish major")
    closes(story)
    rooms = dict(story.one(Group, group).rooms)
    story.heard.clear()
    ends(story)
    closed = story.one(Group, group)
    assert (closed.stage, closed.rooms, closed.review) == ("closed", {}, None)
    assert (closed.charter.title, closed.charter.purpose, closed.charter.crisis_plan) == (
        "",
        "",
        (),
    )
    assert (closed.charter.facilitators, closed.charter.lead) == ((), None)
    for kind in (Code, Version, Application, Renewal, Grace):
        assert not story.all(kind), kind
    assert not [room for room in story.all(Room) if room.group == group]
    assert not any(story.rooms[room] for room in rooms.values())
    assert {e.room for e in story.done(EmptyRoom)} == set(rooms.values())
    assert {key.split()[0] for key in story.timers} == {"retention"}
    assert not [c for c in story.all(Consent) if c.withdrawn is None]
    for user in (ADA, BEN, MEI, ZOE):
        ended = [e.subject for e in story.entries if e.user == user and not e.given]
        assert sorted(ended) == [DATA, RULES]
        last = [h for h in story.heard if h.room == story.person(user).chat][-1]
        assert last.message.kind == "withdrawn"
        assert "116 123" in last.body
    assert story.says(MEI, "groups")[0].message.kind == "notice"
    assert story.says(MEI, f"join {CODE}")[0].message.kind == "refusal"
    assert story.says(ADA, "!close")[0].message.kind == "refusal"
    for matter in Matter:
        assert story.happens(GroupDue(group, matter)) == []
    assert story.looks(group) == []


def test_of_a_closed_group_no_name_stays_and_no_consent_longer_than_its_record():
    story, group = lived_in("standard", ZOE)
    before = story.one(Group, group)
    named = replace(before.charter, greeters=(MEI,), tech_hosts=(ZOE,), questions=("Who?",))
    story.records["group", group] = replace(before, charter=named)
    closes(story)
    ends(story)
    charter = story.one(Group, group).charter
    assert (charter.named, charter.questions) == ((), ())
    story.passes(days=89)
    assert story.all(Consent)
    story.passes(days=2)
    assert not story.all(Consent)
    assert not story.entries


def test_it_waits_while_somebody_is_cared_for():
    story, group = lived_in()
    closes(story)
    story.passes(days=10)
    story.records["care", MEI] = Care(MEI, story.now)
    story.heard.clear()
    story.passes(days=3.1)
    story.heard.clear()
    story.passes(days=1)
    assert stage(story, group) == "closing"
    assert [h.room for h in story.heard] == [TEAM]
    assert MEI not in bodies(story.heard), "nobody is named"
    story.heard.clear()
    for _ in range(3):
        story.passes(days=1.01)
    assert not story.heard, "it is said once"
    del story.records["care", MEI]
    story.passes(days=1.01)
    assert stage(story, group) == "closed"


def test_a_care_case_of_somebody_else_holds_nothing_up():
    story, group = lived_in()
    closes(story)
    story.records["care", ZOE] = Care(ZOE, story.now)
    ends(story)
    assert stage(story, group) == "closed"


def test_a_clock_that_jumped_leaves_the_last_day():
    story, group = lived_in()
    closes(story)
    story.heard.clear()
    story.passes(days=40)
    assert stage(story, group) == "closing"
    assert "last evening" in bodies(story.heard)
    story.passes(hours=25)
    assert stage(story, group) == "closed"


def test_after_a_restore_it_is_looked_at_again_before_it_ends():
    story, group = lived_in()
    closes(story)
    story.passes(days=13.1)
    story.restored = True
    story.passes(days=1)
    assert stage(story, group) == "closing"
    story.restored = False
    story.passes(days=1.1)
    assert stage(story, group) == "closed"


def test_the_operator_needs_no_second_word():
    story, group = lived_in()
    story.happens(CloseAsked(group, story.now + timedelta(days=14)))
    assert stage(story, group) == "closing"
    story.says(ADA, "!close undo")
    assert stage(story, group) == "open"
    story.happens(CloseAsked(group, story.now))
    assert stage(story, group) == "closed"


def test_the_operator_cannot_close_over_a_care_case():
    story, group = lived_in()
    story.records["care", MEI] = Care(MEI, story.now)
    story.happens(CloseAsked(group, story.now))
    assert stage(story, group) == "closing"
    assert story.consents(MEI)


def test_a_draft_can_be_given_up():
    story = Story()
    group = story.founds(is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
    closes(story)
    story.says(ADA, "!close undo")
    assert stage(story, group) == "draft"
    closes(story)
    ends(story)
    assert stage(story, group) == "closed"


def test_a_look_that_was_under_way_does_nothing_to_a_closed_group():
    story, group = lived_in("small")
    circle = story.one(Group, group).rooms[RoomKind.CIRCLE]
    facts = RoomFacts(circle, RoomKind.CIRCLE, {MEI: "join"}, {}, listed=True)
    closes(story)
    ends(story)
    story.effects.clear()
    assert story.happens(GroupInspected(group, (facts,))) == []
    assert not story.effects
    assert not story.all(Grace)


def test_a_room_that_comes_too_late_is_emptied():
    story, group = lived_in("small")
    closes(story)
    ends(story)
    story.rooms["!late"] = {ADA: "join"}
    story.happens(RoomMade(group, RoomKind.NOTICEBOARD, "!late"))
    assert not story.rooms["!late"]
    assert story.one(Group, group).rooms == {}


# -- from small to full size


def test_a_small_group_grows_by_one_command():
    story, group = lived_in("small")
    heard = story.says(ADA, "!grow")
    assert heard[0].message.kind == "question"
    questions = story.one(Group, group).draft.questions
    assert set(questions) == set(PLAN_STANDARD) - set(PLAN_SMALL)
    assert story.says(ADA, "!open")[0].message.kind == "refusal"
    assert story.says(ADA, "!draft")[0].message.step == f"1/{len(questions)}"
    for name in questions:
        story.says(ADA, "2027-05-01" if name == "review" else f"our words on {name}")
    assert "!grow" in story.heard[-1].body
    assert story.one(Group, group).charter.size is Size.SMALL
    heard = story.says(ADA, "!grow")
    grown = story.one(Group, group)
    assert (grown.charter.size, grown.draft) == (Size.STANDARD, None)
    assert story.person(MEI).chat in {h.room for h in heard}
    assert story.rooms[grown.rooms[RoomKind.NOTICEBOARD]].keys() >= {ADA, BEN, MEI}
    team = story.rooms[grown.rooms[RoomKind.FACILITATORS]]
    assert MEI not in team
    assert team.keys() >= {ADA, BEN}
    story.accepts(MEI)
    assert story.looks(group) == []
    assert story.says(ADA, "!grow")[0].message.kind == "refusal"
    assert story.says(ADA, "!draft")[0].message.kind == "refusal"


def test_the_lead_who_was_the_second_goes_on_facilitating():
    story = Story()
    group = story.founds(replace(example("small"), facilitators=(ADA,), lead=BEN))
    for user in (ADA, BEN):
        story.passes_the_gate(user)
    story.says(BEN, "!grow")
    for name in story.one(Group, group).draft.questions:
        story.says(BEN, "2027-05-01" if name == "review" else "as we wrote it")
    story.says(ADA, "!grow")
    assert story.one(Group, group).charter.facilitators == (ADA, BEN)
    assert BEN in story.rooms[story.one(Group, group).rooms[RoomKind.FACILITATORS]]


# -- splitting


def splits(story, *members):
    """Split Willow; Ada and Mei lead the new one. Return it, open."""
    story.says(ADA, f"!split Oak {ADA} {MEI}")
    story.says(BEN, "!split oak")
    [new] = [group.id for group in story.all(Group) if group.charter.name == "Oak"]
    for user in (ADA, MEI):
        story.passes_the_gate(user, "OAK-2222")
        story.says(user, "!sign Oak")
    story.heard.clear()
    story.says(ADA, "!open Oak")
    story.passes(seconds=1)
    return new


def test_a_split_asks_each_member_and_moves_nobody_by_silence():
    story, group = lived_in("small", ZOE)
    assert story.says(ADA, "!split Oak")[0].message.kind == "refusal"
    story.says(ADA, f"!split Oak {ADA} {MEI}")
    assert len(story.all(Group)) == 1
    assert story.says(ADA, "!split Oak")[0].message.kind == "refusal", "a second one's word"
    heard = story.says(BEN, "!split oak")
    assert "OAK-2222" in bodies(heard)
    [new] = [one.id for one in story.all(Group) if one.id != group]
    draft = story.one(Group, new)
    assert (draft.stage, draft.split_from) == ("draft", group)
    assert story.says(ADA, f"!split Elm {ADA} {MEI}")[0].message.kind == "refusal"
    assert story.says(ZOE, "join OAK-2222")[0].message.kind == "refusal", "it is a draft"


def test_who_moves_agrees_anew_and_leaves_once_they_are_in():
    story, group = lived_in("small", ZOE)
    new = splits(story)
    asked = [h for h in story.heard if h.message.choices and h.room == story.person(ZOE).chat][-1]
    assert [choice.id for choice in asked.message.choices] == ["stay", "move"]
    heard = story.says(ZOE, "move")
    assert heard[-1].message.step == "5/7", "the rules are those that she knows"
    story.says(ZOE, "hello")
    assert {c.group for c in story.consents(ZOE)} == {group}
    story.says(ZOE, "I agree to the rules")
    assert {c.group for c in story.consents(ZOE)} == {group}
    heard = story.says(ZOE, "I consent")
    assert [h.message.kind for h in heard] == ["receipt", "withdrawn"]
    assert {c.group for c in story.consents(ZOE)} == {new}
    assert ZOE not in story.rooms[story.one(Group, group).rooms[RoomKind.CIRCLE]]
    assert story.rooms[story.one(Group, new).rooms[RoomKind.CIRCLE]][ZOE] == "invite"
    assert story.one(Group, new).movers == ()


def test_a_greeter_who_hears_of_somebody_moving_does_not_undo_the_move():
    story, _ = lived_in("small", ZOE)
    story.says(ADA, f"!role {MEI} greeter")
    story.says(MEI, "yes")
    new = splits(story, MEI)
    story.says(ZOE, "move")
    story.says(ZOE, "I agree to the rules")
    story.says(ZOE, "I consent")
    assert story.one(Group, new).team.greeters_told == story.now
    assert {c.group for c in story.consents(ZOE)} == {new}
    assert story.one(Group, new).movers == ()


def test_who_stays_or_says_nothing_stays():
    story, group = lived_in("small", ZOE)
    new = splits(story)
    assert story.says(ZOE, "stay")[0].message.kind == "notice"
    story.passes(days=40)
    for user in (BEN, ZOE):
        assert {c.group for c in story.consents(user)} == {group}
    assert {c.group for c in story.consents(MEI)} == {group, new}
    story.says(MEI, "move")
    assert {c.group for c in story.consents(MEI)} == {new}, "she is in already"


def test_rules_that_are_new_are_walked_through_from_the_first_step():
    story, group = lived_in("small", ZOE)
    story.says(ADA, f"!split Oak {ADA} {MEI}")
    story.says(BEN, "!split oak")
    [new] = [one.id for one in story.all(Group) if one.id != group]
    draft = story.one(Group, new)
    story.records["group", new] = replace(draft, charter=replace(draft.charter, minimum_age=40))
    for user in (ADA, MEI):
        story.passes_the_gate(user, "OAK-2222")
        story.says(user, "!sign Oak")
    story.says(ADA, "!open Oak")
    story.passes(seconds=1)
    assert story.says(ZOE, "move")[-1].message.step == "1/7"
    story.says(ZOE, "no")
    assert {c.group for c in story.consents(ZOE)} == {group}


@pytest.mark.parametrize(
    "said",
    ["", "Oak", "Oak @a:x", "@a:x @b:x", "Oak-7 @a:x @b:x", "Grief @a:x @b:x", "Birch @a:x @b:x"],
)
def test_a_split_that_cannot_be(said):
    story, group = lived_in("small")
    assert story.says(ADA, f"!split {said}")[0].message.kind == "refusal"
    assert story.one(Group, group).split is None


def test_a_wish_to_split_is_taken_back_and_a_taken_name_is_told():
    story, group = lived_in("small")
    story.says(ADA, f"!split Oak {ADA} {MEI}")
    story.says(BEN, "!split undo")
    assert story.one(Group, group).split is None
    assert story.says(BEN, "!split undo")[0].message.kind == "refusal"
    story.founds(replace(example("small"), name="Oak"), code="OAK-7777")
    story.says(ADA, f"!split Oak {ADA} {MEI}")
    heard = story.says(BEN, "!split Oak")
    assert "called Oak already" in bodies(heard)
    assert story.one(Group, group).split is None
