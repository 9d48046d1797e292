"""Rooms of a single case: for its facilitators, and for one of them with the member."""

from dataclasses import replace

from appservice.domain import readers
from appservice.domain.cases.case import Case, SideRoom
from appservice.domain.cases.log import pseudonym
from appservice.domain.effects import Convene, EmptyRoom
from appservice.domain.events import RoomEmptied, RoomMade
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.types import RoomId, RoomKind, UserId


def room_of(group: Group, case: Case, what: RoomKind) -> RoomId | None:
    """Return the room of a case of this kind, if it has been made."""
    rooms = (room for room, side in group.side.items() if side.number == case.number)
    return next((room for room in rooms if group.side[room].what is what), None)


def contact_with(group: Group, case: Case, member: UserId) -> tuple[RoomId | None, str]:
    """Return the room for two in which a case is talked about with somebody, and its key.

    Each member has one of their own. One of an older version has no key and was the only one.
    """
    key = pseudonym(group.id, member)
    for room, side in group.side.items():
        theirs = side.key == key or (not side.key and member in side.users)
        if side.what is RoomKind.CONTACT and side.number == case.number and theirs:
            return room, side.key
    return None, key


def convened(
    group: Group, case: Case, what: RoomKind, users: tuple[UserId, ...], key: str = ""
) -> Outcome:
    """Have a room made for these users, or let them into the one there is."""
    return Outcome(effects=(Convene(group.id, what, group.charter, case.number, users, key),))


def made(state: State, group: Group, event: RoomMade) -> Outcome:
    """Keep the room; one for a case that is over by now is emptied again."""
    side = SideRoom(event.what, event.number, event.users, event.key)
    kept = readers.made(event) if event.room not in group.side else NOTHING
    kept += Outcome(puts=(replace(group, side={**group.side, event.room: side}),))
    case = state.case(group.id, event.number)
    if case is not None and case.is_open and group.stage != "closed":
        return kept
    return kept + Outcome(effects=(EmptyRoom(group.id, event.room),))


def ended(group: Group, case: Case) -> Outcome:
    """Have every room of a case emptied."""
    rooms = (room for room, side in group.side.items() if side.number == case.number)
    return Outcome(effects=tuple(EmptyRoom(group.id, room) for room in rooms))


def emptied(state: State, event: RoomEmptied) -> Outcome:
    """Forget a room of a case that nobody is in any more."""
    group = state.groups.get(event.group)
    if group is None or event.room not in group.side:
        return NOTHING
    rest = {room: side for room, side in group.side.items() if room != event.room}
    return Outcome(puts=(replace(group, side=rest),))
