"""The reconciler: rooms against records, with a budget, a grace and a report."""

from appservice.domain.effects import Remove, Repair, TellOperator, Unlist
from appservice.domain.events import GraceEnded, GroupInspected, RoomFacts
from appservice.domain.reconcile import budget
from appservice.domain.records import Grace
from appservice.domain.rooms import expected_state
from appservice.domain.types import RoomKind, UserId
from tests.support.story import ADA, KEEPER, MEI, STEWARD, ZOE, Story, example, house

CIRCLE = "!circle-group-WILLOW-7Q4K"
TEAM = "!facilitators-group-WILLOW-7Q4K"


def told():
    story = Story()
    group = story.founds()
    story.lets_in(ADA, MEI)
    story.effects.clear()
    return story, group


def strangers(story, count):
    users = [UserId(f"@s{number}:example.org") for number in range(count)]
    story.rooms[CIRCLE] |= dict.fromkeys(users, "join")
    return users


def test_nothing_to_mend():
    story, group = told()
    assert story.looks(group) == []
    assert story.effects == []


def test_who_has_no_consent_is_removed_and_it_is_reported():
    story, group = told()
    story.opens_chat(ZOE)
    story.rooms[CIRCLE][ZOE] = "invite"
    heard = story.looks(group)
    assert ZOE not in story.rooms[CIRCLE]
    assert {h.room for h in heard} == {TEAM, story.person(ZOE).chat}
    assert story.done(TellOperator)[0].facts["removed"] == "1"
    assert story.looks(group) == []


def test_the_keeper_is_taken_out_of_a_circle_at_once():
    story, group = told()
    story.rooms[CIRCLE][KEEPER] = "join"
    story.looks(group)
    assert Remove(KEEPER, (CIRCLE,)) in story.effects
    assert STEWARD in story.rooms[CIRCLE]
    assert KEEPER in story.rooms[TEAM]


def test_who_withdrew_is_removed_beyond_the_budget():
    story, group = told()
    strangers(story, 2)
    story.looks(group)
    story.says(MEI, "leave")
    story.rooms[CIRCLE][MEI] = "join"
    story.looks(group)
    assert MEI not in story.rooms[CIRCLE]


def test_a_member_in_the_facilitators_room_stays_in_the_circle():
    story, group = told()
    story.rooms[TEAM][MEI] = "join"
    story.looks(group)
    assert MEI not in story.rooms[TEAM]
    assert story.rooms[CIRCLE][MEI] == "join"
    assert not story.all(Grace)


def test_over_the_budget_people_get_fourteen_days():
    story, group = told()
    strangers(story, 4)
    heard = story.looks(group)
    assert len([u for u in story.rooms[CIRCLE] if u.startswith("@s")]) == 2 + 1  # and the steward
    assert len(story.all(Grace)) == 2
    assert any("14 days" in h.body for h in heard)
    assert story.looks(group) == []
    story.passes(days=13)
    assert story.looks(group) == []
    story.passes(days=1.1)
    assert not [u for u in story.rooms[CIRCLE] if u.startswith("@s") and u != STEWARD]
    assert not story.all(Grace)


def test_the_budget():
    assert [budget(members, 0) for members in (0, 19, 20, 29, 30, 100)] == [2, 2, 2, 2, 3, 10]
    assert budget(30, 2) == 1
    assert budget(5, 9) == 0


def test_the_budget_is_a_days():
    story, group = told()
    strangers(story, 2)
    story.looks(group)
    story.rooms[CIRCLE][ZOE] = "join"
    story.looks(group)
    assert ZOE in story.rooms[CIRCLE]
    story, group = told()
    strangers(story, 2)
    story.looks(group)
    story.passes(hours=25)
    story.rooms[CIRCLE][ZOE] = "join"
    story.looks(group)
    assert ZOE not in story.rooms[CIRCLE]


def test_after_a_restore_nobody_is_removed_and_the_gate_is_open_to_them():
    story, group = told()
    story.opens_chat(ZOE)
    story.rooms[CIRCLE][ZOE] = "join"
    story.restored = True
    story.looks(group)
    assert ZOE in story.rooms[CIRCLE]
    story.restored = False
    assert story.says(ZOE, "continue")[0].message.kind == "age"
    story.says(ZOE, "yes")
    story.answers_right(ZOE)
    story.says(ZOE, "I agree to the rules")
    story.says(ZOE, "I consent")
    assert not story.all(Grace)
    assert not [key for key in story.timers if key.startswith("grace")]
    story.passes(days=15)
    story.looks(group)
    assert ZOE in story.rooms[CIRCLE]


def test_a_grace_is_looked_at_again_before_it_acts():
    story, group = told()
    assert story.happens(GraceEnded(MEI, group)) == []
    assert MEI in story.rooms[CIRCLE]


def test_a_grace_ends_with_whoever_goes_by_themselves():
    story, group = told()
    story.restored = True
    story.rooms[CIRCLE][ZOE] = "join"
    story.looks(group)
    del story.rooms[CIRCLE][ZOE]
    story.looks(group)
    assert not story.all(Grace)


def test_powers_and_rules_are_set_back_and_facilitators_are_told():
    story, group = told()
    right = {kind: dict(content) for kind, content in story.room_state[CIRCLE].items()}
    story.room_state[CIRCLE]["m.room.power_levels"] |= {"kick": 0}
    story.room_state[CIRCLE]["m.room.join_rules"] = {"join_rule": "public"}
    story.room_state[CIRCLE]["m.room.topic"] = {"topic": "a group about grief"}
    heard = story.looks(group)
    assert [h.room for h in heard] == [TEAM]
    assert story.room_state[CIRCLE] == right
    assert {repair.type for repair in story.done(Repair)} == {
        "m.room.power_levels",
        "m.room.join_rules",
        "m.room.topic",
    }


def test_missing_encryption_is_told_and_listing_is_taken_back():
    story, group = told()
    state = dict(story.room_state[CIRCLE])
    del state["m.room.encryption"]
    facts = RoomFacts(CIRCLE, RoomKind.CIRCLE, story.rooms[CIRCLE], state, listed=True)
    heard = story.happens(GroupInspected(group, (facts,)))
    assert any("encryption was off" in h.body for h in heard)
    assert story.done(Unlist) == [Unlist(CIRCLE)]
    assert story.done(TellOperator)


def test_defaults_and_unknown_keys_of_powers_are_no_fault():
    story, group = told()
    expected = expected_state(RoomKind.NOTICEBOARD, example(), house(), "12")
    board = "!noticeboard-group-WILLOW-7Q4K"
    levels = {**expected["m.room.power_levels"], "historical": 100}
    del levels["users_default"]
    story.room_state[board]["m.room.power_levels"] = levels
    assert story.looks(group) == []
    assert not story.done(Repair)
