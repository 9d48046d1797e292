"""`forget me`, told as stories: one word, one question, and then nothing that names them."""

import pytest

from appservice.domain.departure import KEPT_FOR
from appservice.domain.effects import EraseKeys, Leave, PartWith
from appservice.domain.events import ErasureAsked, Parted, RetentionEnded
from appservice.domain.group import Decision, Group
from appservice.domain.person import Person
from appservice.domain.records import Care, Consent, Grace
from appservice.domain.types import RoomKind
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    for user in (ADA, BEN):
        story.passes_the_gate(user)
    for code in (CODE, "BIRCH-2222"):
        story.passes_the_gate(MEI, code)
    for user in (ADA, BEN, MEI):
        story.accepts(user)
    return story


def named(story, user=MEI) -> list[object]:
    """Everything outside of charters that names somebody."""
    kept = []
    for record in story.records.values():
        bare = replace(record, charter=None) if isinstance(record, Group) else record
        kept.append(bare)
    everything = [*kept, *story.timers.items(), *story.entries]
    return [one for one in everything if user in repr(one)]


def rooms_of(story, user=MEI) -> list[str]:
    return [room for room, members in story.rooms.items() if user in members]


def test_it_asks_once_and_a_no_changes_nothing(story):
    before = dict(story.records)
    story.says(MEI, "Forget me.")
    asked = story.hears("notice").message
    assert [choice.id for choice in asked.choices] == ["yes", "redact", "no"]
    assert story.records[("consent", f"{MEI} group-{CODE}")] in before.values()
    story.says(MEI, "no")
    assert len(story.consents(MEI)) == 2
    assert not story.done(PartWith)
    story.says(MEI, "yes")
    assert len(story.consents(MEI)) == 2  # the question is closed


def test_everything_that_names_them_goes(story):
    story.says(ZOE, f"join {CODE}")
    story.says(MEI, "language de")
    story.looks(f"group-{CODE}")
    assert named(story)
    story.says(MEI, "vergiss mich")
    story.says(MEI, "ja")
    last = story.hears("erased")
    assert last.message.language == "de"
    assert "Willow, Birch" in last.body
    assert "35" in last.body
    assert named(story) == []
    chats = [room for room in rooms_of(story) if "chat" in room]
    assert rooms_of(story) == chats
    assert story.person(ZOE)
    assert named(story, ADA)


def test_the_last_word_is_said_before_the_keeper_goes_and_the_keys_go_last(story):
    story.says(MEI, "forget me")
    story.effects.clear()
    story.says(MEI, "1")
    names = [type(effect).__name__ for effect in story.effects]
    assert names.index("Say") < names.index("PartWith") < names.index("EraseKeys")
    erased = story.done(EraseKeys)[0]
    assert erased.rooms[0] in story.heard[-1].room
    boards = [room for room in story.rooms if RoomKind.NOTICEBOARD in room]
    assert set(boards) <= set(erased.rooms)


def test_who_looks_at_the_rooms_meanwhile_knows_that_they_withdrew(story, monkeypatch):
    monkeypatch.setattr(story, "_parts", lambda *_: None)  # the homeserver does not answer
    circle = f"!{RoomKind.CIRCLE}-group-{CODE}"
    story.says(MEI, "forget me")
    story.says(MEI, "yes")
    story.rooms[circle][MEI] = "join"
    story.looks(f"group-{CODE}")
    assert MEI not in story.rooms[circle]
    assert not story.all(Grace)


def test_whoever_comes_back_is_a_new_person(story):
    story.says(MEI, "forget me")
    story.says(MEI, "yes")
    story.opens_chat(MEI, "again")
    story.says(MEI, f"join {CODE}")
    assert story.hears("age").message.parts[0] == "program"
    story.passes_the_gate(MEI)
    assert len(story.consents(MEI)) == 1
    story.passes(days=KEPT_FOR.days + 1)
    assert len(story.consents(MEI)) == 1


def test_whoever_is_back_already_is_not_erased(story):
    before = dict(story.records)
    story.happens(Parted(MEI, ()))
    assert story.records == before


def test_a_facilitators_role_ends_and_the_others_hear_it(story):
    story.says(ADA, "forget me")
    assert "You have a role in Willow" in story.hears("notice").body
    story.says(ADA, "yes")
    assert named(story, ADA) == []
    group = story.one(Group, f"group-{CODE}")
    assert ADA not in group.charter.named
    room = group.rooms[RoomKind.FACILITATORS]
    assert any(ADA in heard.body for heard in story.heard if heard.room == room)
    story.looks(group.id)  # the reconciler is content
    assert not story.all(Grace)


def test_an_open_care_case_stays(story):
    care = Care(MEI, story.now)
    story.records[(care.kind, care.key)] = care
    story.says(MEI, "forget me")
    story.says(MEI, "yes")
    assert "care case" in story.hears("erased").body
    assert named(story) == [care]


def test_concerns_and_signatures_go_too(story):
    group = story.one(Group, f"group-{CODE}")
    story.records[("group", group.id)] = replace(group, signed=(ADA, BEN), muted=(ADA,))
    story.says(ADA, "forget me")
    story.says(ADA, "yes")
    kept = story.one(Group, group.id)
    assert (kept.signed, kept.muted) == ((BEN,), ())


def test_somebody_who_is_in_no_group_can_be_forgotten(story):
    story.says(ZOE, "hello")
    story.says(ZOE, "forget me")
    story.says(ZOE, "yes")
    assert story.hears("erased")
    assert named(story, ZOE) == []


def test_a_group_that_names_them_before_they_came_names_them_no_more(story):
    story.founds(replace(example(), name="Oak", greeters=(ZOE,)), code="OAK-2222")
    birch = story.one(Group, "group-BIRCH-2222")
    decided = (Decision(1, "accepted", ZOE, story.now),)
    charter = replace(birch.charter, facilitators=(BEN, ZOE))
    story.records["group", birch.id] = replace(birch, charter=charter, decisions=decided)
    story.says(ZOE, "forget me")
    story.says(ZOE, "yes")
    assert not [group.id for group in story.all(Group) if ZOE in repr(group)]


def test_the_operator_can_ask_for_it(story):
    story.happens(ErasureAsked(MEI))
    said = story.hears("erased")
    assert said.body.startswith("The people who run this server")
    assert named(story) == []


def test_the_operator_can_ask_where_there_is_no_chat(story):
    person = story.one(Person, MEI)
    story.records[("person", MEI)] = replace(person, chat=None)
    story.happens(ErasureAsked(MEI))
    assert named(story) == []
    assert [effect.chat for effect in story.done(PartWith)] == [""]


def test_it_works_in_any_state_of_the_gate(story):
    story.says(ZOE, f"join {CODE}")
    story.says(ZOE, "forget me")
    story.says(ZOE, "1")  # the newest question counts
    assert named(story, ZOE) == []
    assert not [effect for effect in story.done(Leave) if effect.who == ZOE]


# -- the time after a membership


def test_the_record_of_a_consent_goes_ninety_days_after_the_membership(story):
    story.says(MEI, "leave willow")
    story.passes(days=KEPT_FOR.days - 1)
    assert len(story.of(Consent, MEI)) == 2
    assert len([entry for entry in story.entries if entry.user == MEI]) == 6
    story.passes(days=1)
    assert [consent.group for consent in story.of(Consent, MEI)] == ["group-BIRCH-2222"]
    assert {entry.group for entry in story.entries if entry.user == MEI} == {"group-BIRCH-2222"}


def test_whoever_is_back_by_then_keeps_it(story):
    story.says(MEI, "leave willow")
    story.passes(days=30)
    story.passes_the_gate(MEI)
    story.passes(days=KEPT_FOR.days)
    assert len(story.consents(MEI)) == 2
    story.says(MEI, "leave willow")
    story.passes(days=KEPT_FOR.days - 1)
    assert len(story.of(Consent, MEI)) == 2
    story.passes(days=1)
    assert len(story.of(Consent, MEI)) == 1


def test_a_timer_that_goes_off_early_changes_nothing(story):
    story.says(MEI, "leave willow")
    before = dict(story.records)
    story.happens(RetentionEnded(MEI, f"group-{CODE}"))
    assert story.records == before
    story.passes(days=KEPT_FOR.days)
    assert len(story.of(Consent, MEI)) == 1


def test_while_a_care_case_is_open_or_after_a_restore_the_record_waits(story):
    care = Care(MEI, story.now)
    story.records[(care.kind, care.key)] = care
    story.says(MEI, "leave willow")
    story.passes(days=KEPT_FOR.days)
    assert len(story.of(Consent, MEI)) == 2
    del story.records[(care.kind, care.key)]
    story.restored = True
    story.passes(days=1)
    assert len(story.of(Consent, MEI)) == 2
    story.restored = False
    story.passes(days=1)
    assert len(story.of(Consent, MEI)) == 1
