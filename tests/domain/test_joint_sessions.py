"""Two groups meet once: agreed to by both, entered by a consent of its own, and over on time."""

from datetime import datetime, timedelta

import pytest

from appservice.domain.charter import Charter
from appservice.domain.effects import MakeRoom
from appservice.domain.entries import RULES
from appservice.domain.events import CloseAsked, GroupDue, PauseEnded, StewardInspected
from appservice.domain.group import Group
from appservice.domain.joint.merging import merged, new_rules
from appservice.domain.records import Consent, Room
from appservice.domain.types import Matter
from tests.support.story import (
    ADA,
    BEN,
    CODE,
    KEEPER,
    MEI,
    START,
    STEWARD,
    ZOE,
    Story,
    example,
    replace,
    words,
)

WILLOW, BIRCH = f"group-{CODE}", "group-BIRCH-2222"
TEAM, BIRCH_TEAM = f"!facilitators-{WILLOW}", f"!facilitators-{BIRCH}"
EVA = "@eva:example.org"
ASK = "!joint Birch 2026-12-01 19:00 for 90m"
ENDS = datetime.fromisoformat("2026-12-01T20:30+00:00")
DAY = timedelta(days=1)


def charter(name: str, *facilitators: str, **more: object) -> Charter:
    return replace(example(), name=name, zone="UTC", facilitators=facilitators, lead=None, **more)


def two_groups(story: Story | None = None, **more: object) -> Story:
    """Willow with Ada, Eva and Mei; Birch with Ben and Zoe."""
    story = story or Story(now=START)
    story.founds(charter("Willow", ADA, EVA))
    story.founds(charter("Birch", BEN, ZOE, **more), code="BIRCH-2222")
    for user in (ADA, EVA, MEI):
        story.passes_the_gate(user)
    for user in (BEN, ZOE):
        story.passes_the_gate(user, "BIRCH-2222")
    for user in (ADA, EVA, MEI, BEN, ZOE):
        story.accepts(user)
    return story


@pytest.fixture
def story() -> Story:
    return two_groups()


@pytest.fixture
def agreed(story) -> Story:
    return agree(story)


def agree(story: Story) -> Story:
    story.says(ADA, ASK, room=TEAM)
    story.passes(seconds=1)
    story.says(BEN, "!joint yes", room=BIRCH_TEAM)
    story.passes(seconds=1)
    story.passes(minutes=11)
    return story


def chat(story, user) -> str:
    return story.person(user).chat


def session(story) -> Group:
    return next(group for group in story.all(Group) if group.session is not None)


def room(story) -> str:
    return session(story).rooms["circle"]


def sentence(story, user) -> str:
    asked = [h for h in story.heard if h.room == chat(story, user) and h.message.choices][-1]
    assert asked.message.kind == "statement"
    written = next(choice.reply for choice in asked.message.choices if choice.id == "agree")
    return words().say(written, asked.message.language)


def consents(story, user) -> None:
    story.says(user, sentence(story, user))
    story.accepts(user)


def inside(story) -> set[str]:
    return set(story.rooms[room(story)]) - {STEWARD}


def test_two_people_of_two_groups_agree_and_then_the_room_is_made(story):
    told = story.says(ADA, ASK, room=TEAM)
    assert "If there is a group Birch" in told[0].body
    assert not [effect for effect in story.done(MakeRoom) if effect.group not in (WILLOW, BIRCH)]
    story.passes(seconds=1)
    assert "Willow would like to meet Birch" in story.hears("notice", BIRCH_TEAM).body
    assert session(story).stage == "asked"
    story.says(BEN, "!joint yes", room=BIRCH_TEAM)
    story.passes(seconds=1)
    assert session(story).stage == "joint"
    for place in (TEAM, BIRCH_TEAM):
        assert "Words for your circle" in story.hears("notice", place).body
    assert inside(story) == set()


def test_each_member_is_asked_alone_and_comes_in_by_their_own_sentence(agreed):
    asked = next(h for h in reversed(agreed.heard) if h.room == chat(agreed, MEI))
    assert "People of Birch will know that you are in Willow" in asked.body
    assert "I want to meet Birch by these rules" in asked.body
    assert len(agreed.person(MEI).unasked) == 1
    agreed.says(MEI, "yes")
    assert "meet Birch by these rules" in agreed.hears("statement").body
    assert inside(agreed) == set()
    agreed.says(MEI, sentence(agreed, MEI))
    assert agreed.rooms[room(agreed)][MEI] == "invite"
    receipt = agreed.hears("receipt", chat(agreed, MEI))
    assert receipt.message.parts == ("receipt", "invited")
    assert "leave Willow + Birch" in receipt.body
    assert inside(agreed) == {MEI}
    consent = next(c for c in agreed.consents(MEI) if c.group == session(agreed).id)
    lines = [e for e in agreed.entries if (e.user, e.group) == (MEI, consent.group)]
    assert [line.subject for line in lines] == ["rules", "data"]
    assert all("meet Birch" in line.statement for line in lines)


def test_a_no_keeps_out_and_nothing_of_it_is_kept(agreed):
    told = agreed.says(MEI, "no")[-1].body
    assert "You stay out of it" in told
    assert inside(agreed) == set()
    assert len(agreed.consents(MEI)) == 1
    agreed.says(MEI, "joint")
    consents(agreed, MEI)
    assert inside(agreed) == {MEI}


def test_the_keeper_is_not_in_it_and_the_powers_are_those_of_a_circle(agreed):
    for user in (MEI, ZOE):
        consents(agreed, user)
    assert inside(agreed) == {MEI, ZOE}
    assert KEEPER not in agreed.rooms[room(agreed)]
    state = agreed.room_state[room(agreed)]
    powers = state["m.room.power_levels"]
    assert {u: n for u, n in powers["users"].items() if n > 0} == dict.fromkeys(
        (ADA, EVA, BEN, ZOE), 50
    )
    assert powers["invite"] == powers["kick"] == 100
    circle = agreed.room_state[agreed.one(Group, WILLOW).rooms["circle"]]
    assert state["m.room.topic"] == circle["m.room.topic"]
    assert state["m.room.history_visibility"] == {"history_visibility": "joined"}
    assert state["m.room.name"] == {"name": "Willow + Birch"}


def test_a_day_after_its_end_it_is_empty_and_every_consent_to_it_has_ended(agreed):
    for user in (MEI, ZOE):
        consents(agreed, user)
    agreed.now = ENDS + DAY - timedelta(minutes=1)
    agreed.passes(seconds=1)
    assert inside(agreed) == {MEI, ZOE}
    heard = len(agreed.heard)
    agreed.passes(minutes=2)
    assert not agreed.rooms[f"!circle-{session(agreed).id}"]
    assert session(agreed).stage == "closed"
    assert not session(agreed).rooms
    assert len(agreed.heard) == heard, "it was told beforehand"
    assert [c.group for c in agreed.consents(MEI)] == [WILLOW]
    assert agreed.one(Group, WILLOW).joint == agreed.one(Group, BIRCH).joint == ()
    taken = [e for e in agreed.entries if e.user == MEI and not e.given and e.subject == RULES]
    assert len(taken) == 1
    assert not [r for r in agreed.all(Room) if r.group == session(agreed).id]
    agreed.passes(days=92)
    agreed.passes(days=1)
    assert not [group for group in agreed.all(Group) if group.session is not None]
    assert not [c for c in agreed.all(Consent) if c.group not in (WILLOW, BIRCH)]


def test_it_ends_once_after_days_of_downtime(agreed):
    consents(agreed, MEI)
    agreed.passes(days=40)
    assert session(agreed).stage == "closed"
    ended = len(agreed.effects)
    agreed.happens(GroupDue(session(agreed).id, Matter.JOINT))
    assert len(agreed.effects) == ended + 1  # it looks again, and does nothing


@pytest.mark.parametrize(
    "text", ["leave", "leave willow", "leave Willow + Birch", "withdraw rules", "pause 2 weeks"]
)
def test_whoever_goes_or_rests_is_out_of_it_at_once(agreed, text):
    consents(agreed, MEI)
    consents(agreed, ZOE)
    agreed.says(MEI, text)
    assert inside(agreed) == {ZOE}
    assert session(agreed).id not in {c.group for c in agreed.consents(MEI)}
    if text.endswith("Birch"):
        assert [c.group for c in agreed.consents(MEI)] == [WILLOW]


def test_forgetting_somebody_takes_them_out_and_their_name_away(agreed):
    for user in (MEI, ADA):
        consents(agreed, user)
    for user in (MEI, ADA):
        agreed.says(user, "forget me")
        agreed.says(user, "yes")
        assert user not in agreed.rooms[room(agreed)]
        assert not [r for r in agreed.records.values() if user in repr(r)]
    assert ADA not in agreed.room_state[room(agreed)]["m.room.power_levels"]["users"]


def test_a_facilitators_word_or_the_clock_takes_people_out_too(agreed):
    consents(agreed, MEI)
    agreed.says(ADA, f"!underage {MEI}", room=TEAM)
    agreed.says(ADA, f"!underage {MEI}")
    agreed.passes(seconds=1)
    assert MEI not in inside(agreed)


def test_when_a_group_closes_or_rests_the_session_is_called_off(agreed):
    for user in (MEI, ZOE):
        consents(agreed, user)
    agreed.happens(CloseAsked(BIRCH, agreed.now))
    agreed.passes(seconds=1)
    assert session(agreed).stage == "closed"
    assert "called off" in agreed.hears("notice", chat(agreed, MEI)).body
    assert [c.group for c in agreed.consents(MEI)] == [WILLOW]
    quiet = agree(two_groups())
    consents(quiet, MEI)
    quiet.says(EVA, "!quiet", room=TEAM)
    quiet.passes(seconds=1)
    assert session(quiet).stage == "closed"


@pytest.mark.parametrize(("user", "place"), [(EVA, TEAM), (ZOE, BIRCH_TEAM)])
def test_either_group_can_call_it_off(agreed, user, place):
    consents(agreed, MEI)
    agreed.says(user, "!joint cancel", room=place)
    agreed.passes(seconds=1)
    assert session(agreed).stage == "closed"
    assert not agreed.rooms[f"!circle-{session(agreed).id}"]
    for where in (TEAM, BIRCH_TEAM, chat(agreed, MEI)):
        assert "called off" in agreed.hears("notice", where).body
    assert agreed.says(MEI, "joint")[0].message.kind == "notice"


def test_the_operator_can_end_it_too(agreed):
    consents(agreed, MEI)
    agreed.happens(CloseAsked(session(agreed).id, agreed.now))
    agreed.passes(seconds=1)
    assert session(agreed).stage == "closed"


def test_who_was_put_inside_is_taken_out_and_so_is_the_keeper(agreed):
    consents(agreed, MEI)
    for user in (BEN, EVA, "@x:example.org", KEEPER):
        agreed.rooms[room(agreed)][user] = "join"
    agreed.looks(session(agreed).id)
    assert inside(agreed) == {MEI}
    assert not agreed.all(type("G", (), {"kind": "grace"}))


def test_after_a_restore_nobody_is_taken_out_on_old_records(agreed):
    agreed.rooms[room(agreed)][BEN] = "join"
    agreed.restored = True
    agreed.looks(session(agreed).id)
    assert BEN in inside(agreed)


def test_what_somebody_changed_is_mended(agreed):
    agreed.room_state[room(agreed)]["m.room.join_rules"] = {"join_rule": "public"}
    agreed.looks(session(agreed).id)
    assert agreed.room_state[room(agreed)]["m.room.join_rules"] == {"join_rule": "invite"}


def test_a_wish_without_an_answer_falls_and_an_unknown_group_looks_the_same(story):
    known = story.says(ADA, ASK, room=TEAM)[0].body
    other = two_groups()
    unknown = other.says(ADA, ASK.replace("Birch", "Maple"), room=TEAM)[0].body
    assert known.replace("Birch", "Maple") == unknown
    for one in (story, other):
        one.passes(seconds=1)
        one.passes(days=2)
    shown = [one.says(ADA, "!joint", room=TEAM)[0].body for one in (story, other)]
    assert shown[0].replace("Birch", "Maple") == shown[1]
    assert "no answer yet" in shown[1]
    for one in (story, other):
        one.passes(days=6)
        assert "Nobody has agreed" in one.hears("notice", TEAM).body
        assert one.one(Group, WILLOW).joint == ()
        assert session(one).stage == "closed"
    assert "Nobody has agreed" in story.hears("notice", BIRCH_TEAM).body


def test_a_no_ends_the_wish(story):
    story.says(ADA, ASK, room=TEAM)
    story.passes(seconds=1)
    story.says(ZOE, "!joint no", room=BIRCH_TEAM)
    story.passes(seconds=1)
    assert session(story).stage == "closed"
    assert "called off" in story.hears("notice", TEAM).body
    assert story.says(BEN, "!joint yes", room=BIRCH_TEAM)[0].message.kind == "refusal"


def test_one_person_cannot_agree_with_themselves():
    story = Story(now=START)
    story.founds(charter("Willow", ADA, EVA))
    story.founds(charter("Birch", ADA, ZOE), code="BIRCH-2222")
    for user in (ADA, EVA):
        story.passes_the_gate(user)
    for user in (ADA, ZOE):
        story.passes_the_gate(user, "BIRCH-2222")
    story.says(ADA, ASK, room=TEAM)
    story.passes(seconds=1)
    told = story.says(ADA, "!joint yes", room=BIRCH_TEAM)[0]
    assert "somebody else must say yes" in told.body
    story.says(ZOE, "!joint yes", room=BIRCH_TEAM)
    assert session(story).stage == "joint"


@pytest.mark.parametrize(
    ("rest", "part"),
    [
        ("Birch", "Write it like this"),
        ("2026-12-01 19:00", "Write it like this"),
        ("Birch & Oak 2026-12-01 19:00", "Write it like this"),
        (f"{'B' * 30} 2026-12-01 19:00", "Write it like this"),
        ("Willow Willow 2026-12-01 19:00", "Write it like this"),
        ("Birch 2026-11-01 19:00", "over already"),
        ("Birch 2027-11-01 19:00", "180 days"),
        ("Birch 12 moons", "cannot read the time"),
        ("Birch 2026-12-01 19:00 for 9h", "from 10 to 480"),
        ("yes", "no joint session that waits"),
        ("cancel Oak", "no joint session that waits"),
        ("no", "no joint session that waits"),
    ],
)
def test_what_cannot_be_asked_changes_nothing(story, rest, part):
    told = story.says(ADA, f"!joint {rest}", room=TEAM)
    if rest == "Willow Willow 2026-12-01 19:00":
        assert "your own group" in told[0].body
    else:
        assert part in told[0].body
    assert told[0].message.kind == "refusal"
    assert len(story.all(Group)) == 2
    assert story.one(Group, WILLOW).joint == ()


def test_there_is_an_end_to_how_many_are_asked(story):
    for day in range(1, 8):
        story.says(ADA, f"!joint Birch 2026-12-0{day} 19:00", room=TEAM)
    assert len(story.one(Group, WILLOW).joint) == 5
    told = story.says(ADA, "!joint cancel", room=TEAM)[0]
    assert told.message.kind == "refusal"
    assert "name the session" in told.body


def test_members_and_strangers_plan_nothing(story):
    assert story.says(MEI, ASK)[0].message.kind == "refusal"
    assert story.says(MEI, "joint pain since Monday")[0].message.kind == "program"
    assert "no session" in story.says(MEI, "joint")[0].body


def test_paused_members_and_who_wants_no_prompts_are_not_asked(story):
    story.says(MEI, "pause 2 weeks")
    story.records["person", ZOE] = replace(story.person(ZOE), prompts_off=True)
    agree(story)
    for user in (MEI, ZOE):
        assert not [
            h
            for h in story.heard[-30:]
            if h.room == chat(story, user)
            and h.message.kind == "statement"
            and "Birch" in h.body
            and "meet" in h.body
        ]
    assert "no session" in story.says(MEI, "joint")[0].body
    story.says(ZOE, "joint")
    consents(story, ZOE)
    assert inside(story) == {ZOE}


def test_nobody_is_asked_within_a_day_of_a_red_case(story):
    story.records["group", BIRCH] = replace(story.one(Group, BIRCH), red=story.now)
    agree(story)
    assert not story.person(MEI).unasked
    story.passes(days=1)
    story.passes(minutes=11)
    assert story.person(MEI).unasked


def test_the_sentence_for_a_session_is_over_opens_nothing(agreed):
    written = sentence(agreed, MEI)
    agreed.says(BEN, "!joint cancel", room=BIRCH_TEAM)
    agreed.passes(seconds=1)
    agreed.says(MEI, written)
    assert [c.group for c in agreed.consents(MEI)] == [WILLOW]


def test_a_consent_before_the_room_is_there_is_invited_once_it_is(story):
    story.says(ADA, ASK, room=TEAM)
    story.passes(seconds=1)
    made = story._made
    story._made = lambda _: None
    story.says(BEN, "!joint yes", room=BIRCH_TEAM)
    story.passes(seconds=1)
    story.passes(minutes=11)
    story.says(MEI, sentence(story, MEI))
    assert MEI in {c.user for c in story.all(Consent) if c.group == session(story).id}
    made(story.done(MakeRoom)[-1])
    assert inside(story) == {MEI}


def test_accounts_of_other_servers_come_only_if_both_groups_let_them():
    assert not merged(
        charter("A", ADA, federated=True), charter("B", BEN, federated=False)
    ).federated
    far = "@far:elsewhere.org"
    for federated, expected in ((True, {far}), (False, set())):
        story = two_groups(federated=federated)
        for code, group in ((CODE, WILLOW), ("BIRCH-2222", BIRCH)):
            known = story.one(Group, group)
            if code == CODE:
                story.records["group", group] = replace(
                    known, charter=replace(known.charter, federated=True)
                )
        story.passes_the_gate(far)
        agree(story)
        if expected:
            consents(story, far)
        else:
            assert not story.person(far).unasked
            assert "only for accounts of this server" in story.says(far, "joint")[0].body
        assert inside(story) == expected


def test_the_stricter_of_both_is_what_holds():
    rules = example().rules
    more = tuple(
        replace(
            text,
            rules=(
                *text.rules,
                replace(text.rules[-1], number=11, title="Tea", text="First tea."),
            ),
        )
        for text in rules
    )
    one = charter("A", ADA, BEN, minimum_age=16, message_lifetime=90)
    other = charter("B", BEN, ZOE, minimum_age=21, rules=more, message_lifetime=30)
    both = merged(one, other)
    assert (both.minimum_age, both.message_lifetime) == (21, 30)
    assert both.facilitators == (ADA, BEN, ZOE)
    assert {text.language for text in both.rules} == {text.language for text in rules}
    for text in both.rules:
        assert len(text.rules) == len(rules[0].rules) + 1
        assert [rule.number for rule in text.rules] == list(range(1, len(text.rules) + 1))
        assert not text.asked
    assert [rule.title for rule in new_rules(one, both, "en")] == ["Tea"]
    assert new_rules(other, both, "en") == ()
    assert merged(one, charter("B", BEN, message_lifetime=0)).message_lifetime == 90


def test_a_small_group_can_meet_another_too():
    story = Story(now=START)
    small = replace(example("small"), zone="UTC", lead=None)
    story.founds(replace(small, name="Willow", facilitators=(ADA, EVA)))
    story.founds(replace(small, name="Birch", facilitators=(BEN, ZOE)), code="BIRCH-2222")
    for user in (ADA, EVA, MEI):
        story.passes_the_gate(user)
    for user in (BEN, ZOE):
        story.passes_the_gate(user, "BIRCH-2222")
    story.says(ADA, ASK)
    story.passes(seconds=1)
    story.says(ZOE, "!joint yes")
    story.passes(seconds=1)
    story.passes(minutes=11)
    for user in (MEI, BEN):
        consents(story, user)
    assert inside(story) == {MEI, BEN}
    assert story.says(ADA, "!joint")[0].message.kind == "notice"
    assert story.says(BEN, "!help")[0].message.kind == "notice", "a session is no group of theirs"


def test_facilitators_of_both_have_power_as_they_change(agreed):
    known = agreed.one(Group, BIRCH)
    agreed.says(ZOE, "!resign", room=BIRCH_TEAM)
    agreed.passes(seconds=1)
    if ZOE in agreed.one(Group, BIRCH).charter.facilitators:
        agreed.says(ZOE, "yes", room=BIRCH_TEAM)
        agreed.passes(seconds=1)
    assert ZOE in known.charter.facilitators
    assert ZOE not in agreed.one(Group, BIRCH).charter.facilitators
    assert ZOE not in agreed.room_state[room(agreed)]["m.room.power_levels"]["users"]


def test_a_mark_on_the_steward_is_not_told_twice(agreed):
    consents(agreed, MEI)
    groups = tuple(group.id for group in agreed.all(Group))
    told = agreed.happens(StewardInspected(("D",), "key", "key", groups))
    assert len({heard.room for heard in told}) == len(told) == 4


def test_in_german(story):
    story.says(MEI, "sprache de")
    agree(story)
    asked = next(h for h in reversed(story.heard) if h.room == chat(story, MEI))
    assert "Willow trifft Birch" in asked.body
    story.says(
        MEI,
        "Ich will Birch nach diesen Regeln treffen und dort zu sehen sein, und ich bin "
        f"{session(story).charter.minimum_age} oder älter",
    )
    assert inside(story) == {MEI}


def test_an_end_of_a_pause_leads_nobody_back_in(agreed):
    consents(agreed, MEI)
    agreed.says(MEI, "pause 1 week")
    agreed.says(MEI, "return")
    agreed.happens(PauseEnded(MEI, WILLOW))
    assert inside(agreed) == set()
    agreed.says(MEI, "joint")
    consents(agreed, MEI)
    assert inside(agreed) == {MEI}


def test_nobody_can_agree_before_the_rules_of_both_are_put_together(story):
    story.says(ADA, ASK, room=TEAM)
    story.passes(seconds=1)
    story.says(BEN, "!joint yes", room=BIRCH_TEAM)
    assert "no session" in story.says(MEI, "joint")[0].body
    story.passes(seconds=1)
    assert story.says(MEI, "joint")[0].message.kind == "statement"
