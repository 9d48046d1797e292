"""A room that somebody else has "upgraded": a new one of ours, and the old one is emptied."""

from appservice.domain.effects import EmptyRoom, MakeRoom, Remove, Repair, TellOperator
from appservice.domain.events import RoomMade
from appservice.domain.group import Group
from appservice.domain.records import Room
from appservice.domain.types import RoomKind
from tests.support.story import ADA, BEN, KEEPER, MEI, STEWARD, Story, example, replace

CIRCLE, TEAM = "!circle-group-WILLOW-7Q4K", "!facilitators-group-WILLOW-7Q4K"
TOMBSTONE = {"body": "gone", "replacement_room": "!theirs"}


def upgraded(what):
    story = Story()
    group = story.founds(replace(example(), facilitators=(ADA, BEN)))
    story.lets_in(ADA, BEN, MEI)
    story.heard.clear()
    story.effects.clear()
    old = story.one(Group, group).rooms[what]
    story.room_state[old]["m.room.tombstone"] = TOMBSTONE
    story.room_state[old]["m.room.power_levels"] |= {"events_default": 50}
    return story, group, old


def test_a_new_circle_is_made_and_everybody_with_a_consent_invited():
    story, group, old = upgraded(RoomKind.CIRCLE)
    heard = story.looks(group)
    new = story.one(Group, group).rooms[RoomKind.CIRCLE]
    assert new != old
    assert story.rooms[new] == {STEWARD: "join", **dict.fromkeys((ADA, BEN, MEI), "invite")}
    assert story.rooms[old] == {}
    assert story.records.get(("room", old)) is None
    assert story.one(Room, new).what is RoomKind.CIRCLE
    assert [h.room for h in heard if "not ours" in h.body] == [
        story.person(user).chat for user in (ADA, BEN)
    ]
    assert {h.room for h in heard if "new room" in h.body and STEWARD in h.body} >= {
        story.person(user).chat for user in (ADA, BEN, MEI)
    }
    assert len(story.done(TellOperator)) == 1
    assert not story.done(Repair), "a room that is over is not mended"
    story.accepts(MEI)
    assert story.looks(group) == []
    assert not story.done(Remove)
    assert "!theirs" not in story.rooms, "their room is not ours"


def test_it_is_made_once_however_often_we_look():
    story, group, old = upgraded(RoomKind.CIRCLE)
    before = story._made
    story._made = lambda _: None
    story.looks(group)
    assert story.looks(group) == []
    assert story.one(Group, group).rooms[RoomKind.CIRCLE] == old
    story._made = before
    [effect] = story.done(MakeRoom)
    assert effect.instead_of == old
    story.performs(effect, "again")
    assert story.one(Group, group).rooms[RoomKind.CIRCLE] != old
    story.performs(EmptyRoom(group, old), "again")
    story.performs(effect, "once more")
    assert len(story.one(Group, group).replaced) == 1


def test_who_was_paused_stays_so():
    story, group, _ = upgraded(RoomKind.CIRCLE)
    story.records["group", group] = replace(story.one(Group, group), muted=(MEI,))
    story.looks(group)
    new = story.one(Group, group).rooms[RoomKind.CIRCLE]
    assert story.room_state[new]["m.room.power_levels"]["users"][MEI] == -1


def test_a_facilitators_room_too_and_only_facilitators_come_along():
    story, group, old = upgraded(RoomKind.FACILITATORS)
    story.looks(group)
    new = story.one(Group, group).rooms[RoomKind.FACILITATORS]
    assert set(story.rooms[new]) == {STEWARD, KEEPER, ADA, BEN}
    assert story.rooms[old] == {}
    assert story.says(ADA, "!help", room=new)[0].room == new
    story.room_state[new]["m.room.tombstone"] = TOMBSTONE
    story.looks(group)
    assert story.one(Group, group).rooms[RoomKind.FACILITATORS] not in (old, new)


def test_a_tombstone_that_was_taken_back_ends_nothing():
    story, group, old = upgraded(RoomKind.CIRCLE)
    story.room_state[old]["m.room.tombstone"] = {}
    story.looks(group)
    assert not story.done(MakeRoom)


def test_a_late_word_of_the_old_room_changes_nothing():
    story, group, old = upgraded(RoomKind.CIRCLE)
    story.looks(group)
    new = story.one(Group, group).rooms[RoomKind.CIRCLE]
    story.happens(RoomMade(group, RoomKind.CIRCLE, old))
    assert story.one(Group, group).rooms[RoomKind.CIRCLE] == new
