"""Private chats: who is in there decides what they are."""

import pytest

from appservice.domain.effects import EnterChat, Leave, OpenChat, SwitchEncryptionOn
from appservice.domain.events import ChatInspected, KeeperInvited, StewardInvited
from appservice.domain.types import Audience, RoomId
from tests.support.story import CODE, KEEPER, MEI, STEWARD, ZOE, Story

ROOM = RoomId("!room")


def inspected(*joined, invited=(), encrypted=True, can_encrypt=True):
    user = joined[0] if len(joined) == 1 else None
    return ChatInspected(ROOM, user, joined, tuple(invited), encrypted, can_encrypt)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.rooms[ROOM] = {MEI: "join", KEEPER: "join"}
    story.effects.clear()
    return story


def test_the_keeper_goes_in_and_says_nothing(story):
    assert story.happens(KeeperInvited(ROOM, MEI)) == []
    assert isinstance(story.effects[0], EnterChat)
    assert story.person(MEI).chat == ROOM
    assert not story.person(MEI).greeted


def test_the_keeper_never_goes_into_a_circle_that_it_knows(story):
    circle = next(room for room in story.rooms if "circle" in room)
    story.happens(KeeperInvited(circle, MEI))
    assert story.effects == [Leave(circle, KEEPER)]


def test_the_steward_leaves_wordless(story):
    assert story.happens(StewardInvited(ROOM, ZOE)) == []
    assert story.effects == [Leave(ROOM, STEWARD)]


def test_a_room_of_several_is_declined_politely(story):
    heard = story.happens(inspected(MEI, ZOE))
    assert heard[0].message.parts == ("program", "notice")
    assert heard[0].message.audience is Audience.ALL
    assert story.effects[-1] == Leave(ROOM, KEEPER)
    assert ("room", ROOM) not in story.records


def test_an_empty_room_is_left(story):
    story.happens(inspected(MEI))
    story.happens(inspected())
    assert story.effects[-1] == Leave(ROOM, KEEPER)
    assert story.person(MEI).chat is None
    assert ("room", ROOM) not in story.records


def test_somebody_else_alone_in_a_chat_is_not_its_member(story):
    story.happens(inspected(MEI))
    story.happens(inspected(ZOE))
    assert story.effects[-1] == Leave(ROOM, KEEPER)
    assert story.person(MEI).chat is None


@pytest.mark.parametrize("third", [{"invited": (ZOE,)}, {}])
def test_a_third_person_silences_all_but_help(story, third):
    story.happens(inspected(MEI))
    crowd = inspected(MEI, **third) if third else inspected(MEI, ZOE)
    heard = story.happens(crowd)
    assert [h.message.kind for h in heard] == ["notice"]
    assert story.happens(crowd) == []
    assert story.says(MEI, f"join {CODE}", room=ROOM) == []
    assert story.says(ZOE, "hello", room=ROOM) == []
    for somebody in (MEI, ZOE):
        assert story.says(somebody, "help", room=ROOM)[0].message.kind == "help"
    assert story.happens(inspected(MEI)) == []
    assert story.says(MEI, f"join {CODE}", room=ROOM)[0].message.kind == "age"


def test_an_unencrypted_chat_is_encrypted_or_replaced_once(story):
    story.happens(ChatInspected(ROOM, MEI, (MEI,), (), encrypted=False, can_encrypt=False))
    assert story.done(OpenChat) == [OpenChat(MEI)]
    assert story.person(MEI).chat == "!opened-mei"
    story.happens(ChatInspected(ROOM, MEI, (MEI,), (), encrypted=False, can_encrypt=False))
    assert len(story.done(OpenChat)) == 1
    other = RoomId("!other")
    story.rooms[other] = {MEI: "join", KEEPER: "join"}
    story.happens(ChatInspected(other, MEI, (MEI,), (), encrypted=False, can_encrypt=True))
    assert story.done(SwitchEncryptionOn) == [SwitchEncryptionOn(other)]
    assert story.person(MEI).chat == other
    assert story.records["room", other].encrypted


def test_the_newest_chat_counts_and_an_old_one_does_not_take_over_again(story):
    story.happens(inspected(MEI))
    newer = story.opens_chat(MEI, "newer")
    assert story.person(MEI).chat == newer
    story.happens(inspected(MEI))
    assert story.person(MEI).chat == newer


def test_a_chat_of_our_own_waits_without_a_word(story):
    story.happens(ChatInspected(ROOM, MEI, (MEI,), (), encrypted=False, can_encrypt=False))
    opened = story.person(MEI).chat
    heard = len(story.heard)
    story.inspects(opened)
    story.rooms[opened][MEI] = "join"
    story.inspects(opened)
    assert len(story.heard) == heard
    assert story.person(MEI).chat == opened
