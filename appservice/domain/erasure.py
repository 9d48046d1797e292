"""Forgetting somebody: out of every group at once, a last word, and then nothing that names them.

Two steps, since the last word can only be said while its keys are there, and since the look at the
rooms must know who has withdrawn until they are out of them. First consents are taken back and the
keeper says what goes and what stays; once it has left the chat (`Parted`), all the rest is erased.
"""

from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.cases.forgotten import forgotten
from appservice.domain.departure import departed
from appservice.domain.effects import EraseKeys, PartWith
from appservice.domain.entries import Erasure, Oblivion
from appservice.domain.events import ErasureAsked, Parted
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Choice, Person
from appservice.domain.roles.ending import resigned
from appservice.domain.state import State
from appservice.domain.sweeping import own_messages
from appservice.domain.turn import Ask, Reply, Turn, in_chat, notice, nowhere
from appservice.domain.types import CauseId, RoomId, Text, UserId
from appservice.domain.unnamed import unnamed

TOPIC = "forget"
_AND_MESSAGES = Choice("redact", Text("choice-forget-messages"), Text("choice-second"))
BACKUPS_DAYS = 35  # docs/operators.md, "Back up": no copy is kept for longer


def ask(turn: Turn) -> Outcome:
    """Ask once, since nothing brings it back."""
    lines = [Text("forget-ask")]
    if named := _named_by_charter(turn.state, turn.user):
        lines.append(Text("forget-facilitator", {"groups": _names(named)}))
    choices = (
        Choice("yes", Text("choice-forget"), Text("choice-yes-reply")),
        *((_AND_MESSAGES,) if _groups(turn.state, turn.user) else ()),
        Choice("no", Text("choice-forget-no"), Text("choice-no-reply")),
    )
    return turn.answer(Reply("notice", tuple(lines), choices=choices, ask=Ask(TOPIC)))


def answered(turn: Turn, choice: str) -> Outcome:
    """Do it at once, or leave everything as it is."""
    done = replace(turn, person=replace(turn.person, asked=closed(turn.person.asked, TOPIC, None)))
    if choice == "no":
        return done.answer(notice(Text("forget-not")))
    swept = own_messages(turn) if choice == _AND_MESSAGES.id else NOTHING
    gone = _withdrawn(turn, turn.user)
    return swept + gone + _last_word(done, swept=swept != NOTHING)


def asked_for(state: State, event: ErasureAsked, cause: CauseId, now: datetime) -> Outcome:
    """Do the same on the operator's word; whoever has a chat is told who asked for it."""
    gone = _withdrawn(nowhere(state, cause, now), event.user)
    turn = in_chat(state, cause, now)
    if turn is None:
        return gone + Outcome(effects=(_parting(state, event.user, RoomId("")),))
    return gone + _last_word(turn, Text("erased-by-operator"))


def parted(state: State, event: Parted, cause: CauseId, now: datetime) -> Outcome:
    """Erase what is left; whoever has come back with a new consent meanwhile is a new person."""
    user = event.user
    if any(c.user == user and c.withdrawn is None for c in state.consents):
        return NOTHING
    here, roles, groups = nowhere(state, cause, now), Outcome(), []
    for group in state.groups.values():  # a lead is named who may be in none of them
        if unnamed(group, user) == group:  # it stands beside another, and nobody in it is loaded
            continue
        after, resigning = resigned(here, group, user)
        roles += resigning
        groups.append(unnamed(after, user))
    left = tuple(unnamed(room, user) for room in state.rooms if user in room.members)
    spoken = dict.fromkeys((*event.chats, *(room.room for room in state.rooms)))
    named = forgotten(here, {group.id: group for group in groups}, user)
    return (
        roles
        + Outcome(puts=(*groups, *left))
        + named  # may keep a group once more: that it is calm while a case is red
        + Outcome(
            effects=(EraseKeys(user, tuple(spoken)),),
            erasures=(Erasure(user),),
            oblivions=(Oblivion(user, event.chats),),
        )
    )


def _withdrawn(here: Turn, user: UserId) -> Outcome:
    out = Outcome()
    for group in _groups(here.state, user):
        out += departed(here, user, group)
    return out


def _last_word(turn: Turn, *first: Text, swept: bool = False) -> Outcome:
    """Say what goes and what stays, and part; until then only the language is known."""
    state, user = turn.state, turn.user
    own = [turn.groups[record.group] for record in turn.memberships()]
    stays = [Text("erased-stays")]
    if swept:
        stays.append(Text("erased-stays-messages"))
    numbers = lines_for(state.house, country_of(turn.person, tuple(own)))
    lines = [
        *first,
        Text("erased-out", {"groups": _names(own)}) if own else Text("erased-now"),
        Text("erased-gone"),
        Text("card", {"lines": (*stays, Text("erased-stays-copies", {"days": BACKUPS_DAYS}))}),
        Text("card", {"lines": (Text("numbers-bad-night"), *numbers)}),
        Text("erased-bye"),
    ]
    bare = Person(user, turn.person.language, chat=turn.person.chat, greeted=turn.person.greeted)
    said = replace(turn, person=bare).answer(Reply("erased", tuple(lines)))
    return said + Outcome(effects=(_parting(state, user, turn.room),))


def _parting(state: State, user: UserId, chat: RoomId) -> PartWith:
    rooms = (room for group in _groups(state, user) for room in group.every_room)
    return PartWith(user, chat, tuple(rooms))


def _groups(state: State, user: UserId) -> list[Group]:
    """Return the groups that somebody is or was in, is on the way into, or was found in."""
    named = (
        *((one.user, one.group) for one in state.consents),
        *((one.user, one.group) for one in state.applications),
        *((one.user, one.group) for one in state.graces),
        *((one.user, one.group) for one in state.renewals),
    )
    ids = dict.fromkeys(group for one, group in named if one == user)
    return [state.groups[group] for group in ids if group in state.groups]


def _named_by_charter(state: State, user: UserId) -> list[Group]:
    return [
        group
        for group in state.groups.values()
        if user in (*group.charter.facilitators, group.charter.lead)
    ]


def _names(groups: list[Group]) -> str:
    return ", ".join(group.charter.name for group in groups)
