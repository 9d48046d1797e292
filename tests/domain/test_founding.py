"""What keeps a charter from being founded, and the rooms that a group gets."""

from datetime import date

import pytest

from appservice.charter_file import faults_of, known
from appservice.domain.application import Code
from appservice.domain.effects import Admit, MakeRoom
from appservice.domain.events import GroupAsked, RoomMade
from appservice.domain.founding import telling_word
from appservice.domain.rooms import creation_content, differs, expected_state, topic
from appservice.domain.types import RoomId, RoomKind
from tests.support.story import (
    ADA,
    BEN,
    CODE,
    KEEPER,
    MEI,
    STEWARD,
    Story,
    example,
    house,
    replace,
)

STANDARD, SMALL = example("standard"), example("small")
RULES = STANDARD.rules[0]


def with_rule(number, /, **change):
    rules = (replace(r, **change) if r.number == number else r for r in RULES.rules)
    return {"rules": (replace(RULES, rules=tuple(rules)),)}


def keys(charter, **more):
    return [fault.key for fault in faults_of(charter, **more)]


def test_the_examples_have_no_fault():
    assert keys(STANDARD) == keys(SMALL) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"facilitators": (ADA,)}, "fault-facilitators"),
        ({"facilitators": (ADA, ADA)}, "fault-facilitators"),
        ({"crisis_plan": STANDARD.crisis_plan[1:]}, "fault-crisis-plan"),
        (
            {"crisis_plan": (("staffed_hours", " "), *STANDARD.crisis_plan[1:])},
            "fault-crisis-plan",
        ),
        ({"name": "Grief"}, "fault-name-tells"),
        ({"name": "Angsthasen"}, "fault-name-tells"),
        ({"name": "Love"}, "fault-name-tells"),
        ({"name": "Willow-7"}, "fault-name-form"),
        ({"name": "A quiet place"}, "fault-name-form"),
        ({"name": "W" * 21}, "fault-name-form"),
        ({"minimum_age": 15}, "fault-age"),
        ({"zone": "Europe/Atlantis"}, "fault-zone"),
        ({"language": "tlh"}, "fault-language"),
        ({"country": "UK"}, "fault-country"),
        ({"rules": ()}, "fault-no-rules"),
        ({"begins": date(2027, 2, 1), "ends": date(2027, 1, 31)}, "fault-cohort"),
        (with_rule(4, core=None), "fault-core-missing"),
        (with_rule(7, core="respect"), "fault-core-twice"),
        (with_rule(1, question=None), "fault-questions"),
        (with_rule(7, question=RULES.rules[0].question), "fault-questions"),
        (with_rule(7, number=8), "fault-rule-twice"),
        (with_rule(7, text="so " * 61), "fault-rule-long"),
    ],
)
def test_a_fault_is_named(change, fault):
    assert keys(replace(STANDARD, **change)) == [fault]


def test_a_cohort_that_is_over_is_not_founded():
    charter = replace(STANDARD, ends=date(2027, 1, 31))
    assert keys(charter, today=date(2027, 1, 31)) == []
    assert keys(charter, today=date(2027, 2, 1)) == ["fault-cohort-over"]


def test_only_the_telling_name_can_be_forced():
    told = replace(STANDARD, name="Grief", zone="nowhere")
    assert keys(told, force_name=True) == ["fault-zone"]
    assert telling_word(replace(STANDARD, name="Willow"), known().telling) is None


def test_the_lead_is_the_second_of_a_small_group_only():
    assert keys(replace(SMALL, lead=None)) == ["fault-facilitators"]
    assert keys(replace(STANDARD, facilitators=(ADA,))) == ["fault-facilitators"]


def test_a_small_group_gets_a_circle_only():
    story = Story()
    story.founds(SMALL)
    assert [made.what for made in story.done(MakeRoom)] == [RoomKind.CIRCLE]
    other = Story()
    group = other.founds(STANDARD)
    assert [made.what for made in other.done(MakeRoom)] == list(RoomKind)[:3]
    assert other.all(Code)[0].spelled == CODE
    other.happens(GroupAsked(group, STANDARD, CODE, open=True, at=other.now))
    assert len(other.done(MakeRoom)) == 3


def test_a_later_room_invites_whom_it_is_for():
    story = Story()
    group = story.founds(SMALL)
    for user in (ADA, MEI):
        story.passes_the_gate(user)
    receipts = len(story.heard)
    for what in (RoomKind.NOTICEBOARD, RoomKind.FACILITATORS):
        story.rooms[f"!later-{what}"] = {}
        story.happens(RoomMade(group, what, RoomId(f"!later-{what}")))
    assert set(story.rooms["!later-noticeboard"]) == {ADA, MEI}
    assert set(story.rooms["!later-facilitators"]) == {ADA}
    assert len(story.heard) == receipts
    before = len(story.done(Admit))
    story.happens(RoomMade(group, RoomKind.NOTICEBOARD, RoomId("!later-noticeboard")))
    assert len(story.done(Admit)) == before


@pytest.mark.parametrize("version", ["11", "12"])
@pytest.mark.parametrize("kind", list(RoomKind)[:3])
def test_powers(kind, version):
    state = expected_state(kind, STANDARD, house(), version)
    levels = state["m.room.power_levels"]
    assert levels["users"].get(STEWARD) == (100 if version == "11" else None)
    assert {levels[key] for key in ("kick", "invite", "state_default")} == {100}
    assert levels["events"]["m.room.encryption"] >= 100
    assert levels["events"]["m.room.tombstone"] >= 100
    assert levels["users_default"] == 0
    circle = kind is RoomKind.CIRCLE
    assert levels["users"].get(ADA) == levels["users"].get(BEN) == (50 if circle else None)
    assert (levels["ban"], levels["redact"]) == ((50, 50) if circle else (100, 100))
    assert levels["events_default"] == (50 if kind is RoomKind.NOTICEBOARD else 0)
    assert levels["users"].get(KEEPER, 0) == (50 if kind is RoomKind.NOTICEBOARD else 0)
    assert state["m.room.join_rules"] == {"join_rule": "invite"}
    assert state["m.room.history_visibility"] == {"history_visibility": "joined"}
    assert state["m.room.guest_access"] == {"guest_access": "forbidden"}
    assert not differs("m.room.power_levels", levels, levels)
    assert differs("m.room.power_levels", {**levels, "users": {MEI: 100}}, levels)
    assert creation_content(STANDARD) == {"m.federate": False}


def test_every_room_of_a_server_has_the_same_topic_which_tells_no_group():
    topics = {
        expected_state(kind, charter, house(), "12")["m.room.topic"]["topic"]
        for charter in (STANDARD, SMALL)
        for kind in list(RoomKind)[:3]
    }
    assert topics == {f"Help now: write help to {KEEPER}"}
    assert topic(replace(house(), help_page="https://h.example")).endswith("https://h.example")
