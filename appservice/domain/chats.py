"""Private chats: entered, looked at, crowded, left; exactly one member and the keeper."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.effects import (
    EnterChat,
    Leave,
    OpenChat,
    Say,
    SwitchEncryptionOn,
)
from appservice.domain.events import (
    ChatInspected,
    ChatOpened,
    KeeperInvited,
    MessageShown,
    StewardInvited,
)
from appservice.domain.ground_rules import asking
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.records import Room
from appservice.domain.roles import offering
from appservice.domain.state import State
from appservice.domain.turn import PROGRAM, Reply, Turn, language_of
from appservice.domain.types import Audience, CauseId, RoomId, RoomKind, Text, UserId


def keeper_invited(state: State, event: KeeperInvited) -> Outcome:
    """Go in and look who is there; into a room of ours only the steward brings the keeper."""
    if event.inviter == state.house.steward:
        return NOTHING
    if state.room is not None and state.room.what is RoomKind.CIRCLE:
        return Outcome(effects=(Leave(event.room, state.house.keeper),))
    return Outcome(effects=(EnterChat(event.room),))


def steward_invited(state: State, event: StewardInvited) -> Outcome:
    """Decline without a word."""
    return Outcome(effects=(Leave(event.room, state.house.steward),))


def opened(state: State, event: ChatOpened) -> Outcome:
    """Keep the chat that the keeper made; it never greets, and an open question waits."""
    room = Room(event.room, RoomKind.CHAT, None, event.user, encrypted=True)
    person = _moved(state.person or Person(event.user), event.room)
    return Outcome(puts=(room, person))


def shown(state: State, event: MessageShown) -> Outcome:
    """Mark a question that stands in the room now: from here on a bare number may be for it."""
    person = state.person
    if person is None or all(asked.message != event.message for asked in person.asked):
        return NOTHING
    asked = tuple(
        replace(asked, shown=True) if asked.message == event.message else asked
        for asked in person.asked
    )
    return Outcome(puts=(replace(person, asked=asked),))


def inspected(state: State, event: ChatInspected, cause: CauseId, now: datetime) -> Outcome:
    """Decide what a room is by who is in it."""
    known = state.room
    if known is not None and known.what is not RoomKind.CHAT:
        return NOTHING
    others = (*event.joined, *event.invited)
    if known is not None and known.user and known.user not in others:
        return _left(state, event)  # whoever is in there now, it is not their chat
    if not event.joined and (known is None or known.user not in event.invited):
        return _left(state, event)
    if len(others) > 1:
        return _crowded(state, event, cause, now)
    if event.user is None or not event.joined:
        return NOTHING
    chat = _chat(state, event, event.user)
    if known is None or event.user not in known.members:  # they came in
        chat += asking.in_new_chat(state, chat, cause, now)
        chat += offering.in_new_chat(state, chat, cause, now)
    return chat


def _left(state: State, event: ChatInspected) -> Outcome:
    leave = Outcome()
    if event.inside:  # else it would decline an invitation that has come since
        leave += Outcome(effects=(Leave(event.room, state.house.keeper),))
    if state.room is not None:
        leave += Outcome(drops=(state.room,))
    people = {**state.people, **({state.person.user: state.person} if state.person else {})}
    for user in sorted(people):
        if people[user].chat == event.room:
            leave += Outcome(puts=(replace(people[user], chat=None, greeted=False),))
    return leave


def _crowded(state: State, event: ChatInspected, cause: CauseId, now: datetime) -> Outcome:
    """Say once that a private chat is for two; leave a room that never was one."""
    known = state.room
    if known is not None and known.crowded:
        return NOTHING
    user = known.user if known is not None and known.user else event.joined[0]
    person = state.person or Person(UserId(user))
    turn = Turn(
        state,
        event.room,
        replace(person, greeted=False),
        language_of(state, person),
        cause,
        now,
        # for a room that we do not stay in no keys are made: there may be thousands in it
        plain=known is None or not event.encrypted,
    )
    key = "crowded" if known is not None else "private-only"
    reply = Reply(
        "notice",
        (PROGRAM, Text(key, {"keeper": state.house.keeper})),
        parts=("program", "notice"),
        audience=Audience.ALL,
    )
    says = tuple(e for e in turn.answer(reply).effects if isinstance(e, Say))
    if known is None:
        return Outcome(effects=(*says, Leave(event.room, state.house.keeper)))
    return Outcome(puts=(replace(known, crowded=True, members=event.joined),), effects=says)


def _chat(state: State, event: ChatInspected, user: UserId) -> Outcome:
    room = Room(
        room=event.room,
        what=RoomKind.CHAT,
        group=None,
        user=user,
        encrypted=event.encrypted,
        members=event.joined,
        rotation_messages=event.rotation_messages,
        rotation_ms=event.rotation_ms,
    )
    kept = Outcome(puts=(room,))
    if not event.encrypted:
        return kept + _unencrypted(state, event, user)
    person = state.person if state.person is not None else Person(user)
    new = state.room is None or not state.room.encrypted
    if new or person.chat is None:
        person = _moved(person, event.room)
    if person.chat == event.room:
        zone = _zone(state, event, person)
        person = replace(person, name_tells=event.name_tells, profile_zone=zone)
    return kept if person == state.person else kept + Outcome(puts=(person,))


def _zone(state: State, event: ChatInspected, person: Person) -> str | None:
    """Return the zone of their profile; the one from before where nobody could tell it."""
    if event.zone is None:
        return person.profile_zone
    return event.zone if event.zone in state.house.known.zones else None


def _unencrypted(state: State, event: ChatInspected, user: UserId) -> Outcome:
    """Switch encryption on, or open an encrypted chat of our own, once."""
    if event.can_encrypt:
        return Outcome(effects=(SwitchEncryptionOn(event.room),))
    return Outcome(effects=(OpenChat(user),)) if state.room is None else NOTHING


def _moved(person: Person, room: RoomId) -> Person:
    """Make this the chat that counts; a number in it answers no question of another chat."""
    if person.chat == room:
        return person
    return replace(person, chat=room, greeted=False)
