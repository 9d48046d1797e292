"""Leaving the private chat is not leaving the group; only changed rules bring the keeper back."""

import pytest

from appservice.domain.effects import OpenChat, Remove
from appservice.domain.events import ChatInspected
from appservice.domain.records import Consent, Renewal
from tests.support.story import ADA, BEN, CODE, MEI, Story

GROUP = f"group-{CODE}"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.lets_in(ADA, BEN, MEI)
    return story


def leaves_chat(story, user=MEI) -> None:
    room = story.person(user).chat
    story.rooms[room].pop(user)
    story.happens(ChatInspected(room, None, (), (), encrypted=True, can_encrypt=True))


def changes_rules(story, number=15) -> None:
    story.says(ADA, f"!rules propose {number}. Names: We use first names here.")
    story.says(ADA, "!rules propose de 15. Namen: Wir nehmen hier Vornamen.")
    story.says(ADA, "!rules why Two people asked for it.")
    story.says(ADA, "!rules publish major")


def test_nothing_else_changes(story):
    consents, rooms = (
        story.all(Consent),
        {room: dict(members) for room, members in story.rooms.items() if GROUP in room},
    )
    leaves_chat(story)
    assert story.person(MEI).chat is None
    assert story.all(Consent) == consents
    story.looks(GROUP)
    story.passes(days=100)
    assert {room: story.rooms[room] for room in rooms} == rooms
    assert not story.done(Remove)
    assert not story.done(OpenChat)


def test_only_changed_rules_bring_an_invitation_and_the_answer_ends_them(story):
    leaves_chat(story)
    story.says(ADA, "!lifetime 30")
    assert not story.done(OpenChat)
    changes_rules(story)
    assert [effect.user for effect in story.done(OpenChat)] == [MEI]
    room = f"!opened-{MEI[1:4]}"
    story.rooms[room][MEI] = "join"
    story.inspects(room)
    assert story.hears("statement").room == room
    story.says(MEI, "I agree to the rules", room=room)
    assert story.hears("receipt", room)
    assert not story.of(Renewal, MEI)
    leaves_chat(story)
    story.effects.clear()
    story.passes(days=14)
    story.looks(GROUP)
    assert MEI not in [effect.user for effect in story.done(OpenChat)]
    assert len(story.consents(MEI)) == 1


def test_whoever_leaves_the_new_chat_unanswered_is_invited_again_for_the_rules_only(story):
    leaves_chat(story)
    changes_rules(story)
    room = f"!opened-{MEI[1:4]}"
    story.rooms[room][MEI] = "join"
    story.inspects(room)
    leaves_chat(story)
    story.effects.clear()
    story.passes(days=6)
    assert not story.done(OpenChat)
    story.passes(days=1)  # a week before it is due
    assert [effect.user for effect in story.done(OpenChat)] == [MEI]
