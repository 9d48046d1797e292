"""Rooms for two: one for each member of a case, in which one of those in charge is at a time."""

import pytest

from appservice.domain.cases import side_rooms
from appservice.domain.cases.case import About
from appservice.domain.effects import Convene
from appservice.domain.events import CaseDue, RoomMade
from appservice.domain.group import Group
from appservice.domain.types import RoomId, RoomKind
from tests.domain.case_story import GROUP, TEAM, CaseStory, bodies, told
from tests.support.story import ADA, BEN, KEEPER, MEI, ZOE


@pytest.fixture
def story() -> CaseStory:
    """Zoe has raised something about Mei, and Ada looks after it."""
    story = told()
    story.raises(ZOE, About.OTHER)
    story.says(ADA, "!take 1")
    story.says(ADA, f"!case 1 about {MEI}")
    return story


def room_with(story: CaseStory, member: str) -> RoomId:
    group = story.one(Group, GROUP)
    room, _ = side_rooms.contact_with(group, story.case(1), member)
    return room


def inside(story: CaseStory, member: str) -> set[str]:
    return {user for user in story.rooms[room_with(story, member)] if user[1:4] != "ste"}


def test_each_member_has_a_room_of_their_own(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, f"!case 1 contact {ZOE}")
    assert inside(story, MEI) == {MEI, ADA}
    assert inside(story, ZOE) == {ZOE, ADA}
    assert room_with(story, MEI) != room_with(story, ZOE)


def test_asked_for_again_it_is_the_same_room(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    room = room_with(story, MEI)
    story.says(ADA, f"!case 1 contact {MEI}")
    assert room_with(story, MEI) == room
    assert len(story.one(Group, GROUP).side) == 1


def test_two_that_wait_for_the_homeserver_do_not_become_one(story, monkeypatch):
    """Neither of them is made yet when the other one is asked for."""
    waiting: list[object] = []
    monkeypatch.setattr(story, "_convened", waiting.append)
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, f"!case 1 contact {ZOE}")
    assert len({effect.key for effect in waiting}) == 2
    monkeypatch.undo()
    for effect in waiting:
        story._convened(effect)
    assert (inside(story, MEI), inside(story, ZOE)) == ({MEI, ADA}, {ZOE, ADA})


def test_after_a_takeover_somebody_else_goes_on_in_it(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, f"!case 1 contact {ZOE}")
    heard = story.in_team(BEN, "!take 1 over")
    private = [one for one in heard if f"!case 1 contact {MEI}" in one.body]
    assert [one.room for one in private] == [story.person(BEN).chat]
    assert not [one for one in heard if one.room == TEAM and MEI in one.body]
    heard = story.says(BEN, f"!case 1 contact {MEI}")
    assert inside(story, MEI) == {MEI, BEN}
    assert inside(story, ZOE) == {ZOE, ADA}, "nobody is left alone before somebody comes"
    assert "you are out of it" in bodies(h for h in heard if h.room == story.person(ADA).chat)
    assert not [one for one in heard if one.room == story.person(MEI).chat]


def test_after_a_handover_too(story):
    story.says(ADA, f"!case 1 contact {ZOE}")
    story.says(ADA, f"!case 1 handover {BEN}")
    assert f"!case 1 contact {ZOE}" in bodies(story.says(BEN, "!confirm 1"))
    story.says(BEN, f"!case 1 contact {ZOE}")
    assert inside(story, ZOE) == {ZOE, BEN}


def test_and_after_it_was_given_back(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, "!case 1 release")
    assert f"!case 1 contact {MEI}" in bodies(story.says(BEN, "!take 1"))


def test_who_takes_their_own_case_back_hears_nothing_of_it(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, "!case 1 release")
    assert "room for two" not in bodies(story.says(ADA, "!take 1"))


def test_a_room_of_an_older_version_goes_on_for_whom_it_was(story):
    room = RoomId("!old")
    story.rooms[room] = {MEI: "join", ADA: "join"}
    story.happens(RoomMade(GROUP, RoomKind.CONTACT, room, 1, (MEI, ADA)))
    assert room_with(story, MEI) == room
    story.says(ADA, f"!case 1 contact {ZOE}")
    assert room_with(story, ZOE) != room
    before = len(story.effects)
    story.says(ADA, f"!case 1 contact {MEI}")
    assert [one.key for one in story.effects[before:] if isinstance(one, Convene)] == [""]


def test_all_of_them_end_with_the_case_and_with_the_role(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, f"!case 1 contact {ZOE}")
    story.says(ADA, "!resign")
    assert (inside(story, MEI), inside(story, ZOE)) == ({MEI}, {ZOE})
    assert len(story.one(Group, GROUP).side) == 2, "no new one is made for it"
    story.passes(seconds=1)
    story.says(BEN, "!take 1")
    story.says(BEN, f"!case 1 contact {MEI}")
    assert inside(story, MEI) == {MEI, BEN}
    assert KEEPER not in story.rooms[room_with(story, MEI)]
    story.says(BEN, "!case 1 close looked after")
    story.passes(days=31)
    story.happens(CaseDue(GROUP, 1))
    assert not story.one(Group, GROUP).side


@pytest.mark.parametrize("word", ["leave", "!resign"])
def test_a_new_owner_is_told_of_a_member_whom_a_colleague_has_left_alone(story, word):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, word)
    story.passes(minutes=1)
    assert inside(story, MEI) == {MEI}
    told = bodies(story.says(BEN, "!take 1"))
    assert f"{MEI} is alone in a room for two" in told
    assert "is alone" not in bodies(story.says(BEN, "!case 1"))
    story.says(BEN, told.split("To go on there, write ")[1].splitlines()[0])
    assert inside(story, MEI) == {MEI, BEN}


def test_who_is_named_meanwhile_is_out_and_does_not_learn_who_has_it(story):
    story.says(ADA, f"!case 1 contact {MEI}")
    story.says(ADA, f"!case 1 about {ADA}")
    story.says(BEN, "!take 1")
    heard = story.says(BEN, f"!case 1 contact {MEI}")
    assert inside(story, MEI) == {MEI, BEN}
    assert story.person(ADA).chat not in [one.room for one in heard]
