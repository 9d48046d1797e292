"""Who may see a case, and where it may be spoken of: nowhere before whom it names."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from appservice.domain.cases.case import Case, For
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, facilitating, leads
from appservice.domain.records import Room
from appservice.domain.roles.telling import lead_of
from appservice.domain.state import State
from appservice.domain.turn import Turn
from appservice.domain.types import RoomId, RoomKind, UserId

_NUMBER = re.compile(r"(?:c[\s-]*)?(\d{1,9}):?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)


class Seen(NamedTuple):
    """A case that somebody speaks of, who may see it."""

    turn: Turn
    group: Group
    case: Case


def is_open_to(state: State, group: Group, visible: For, user: UserId) -> bool:
    """Say whether what is raised for these is open to somebody; the lead need not be a member."""
    if visible is For.LEAD:
        return leads(user, group)
    if visible is For.BUT_LEAD and leads(user, group):
        return False
    return user in facilitating(state, group) or leads(user, group)


def may_see(state: State, group: Group, case: Case, user: UserId) -> bool:
    """Say whether somebody may know of a case.

    What only the lead sees is seen by the second person too, whom they have asked.
    """
    brought_in = user == case.second and may_be_second(state, group, case, user)
    return brought_in or _is_meant_for(state, group, case, user)


def may_own(state: State, group: Group, case: Case, user: UserId) -> bool:
    """Say whether somebody may have a case.

    The second person, whom the lead asks to help with what only the lead sees, does not take it.
    """
    return _is_meant_for(state, group, case, user)


def may_be_asked(state: State, group: Group, case: Case, user: UserId) -> bool:
    """Say whether somebody may be asked to take a case: who raised it is not."""
    return may_own(state, group, case, user) and user != case.reporter


def may_be_second(state: State, group: Group, case: Case, user: UserId) -> bool:
    """Say whether somebody could be the second person: nobody who is named or raised it."""
    if user == case.reporter:
        return False
    if case.visible is not For.LEAD:
        return _is_meant_for(state, group, case, user)
    could = is_open_to(state, group, For.FACILITATORS, user)
    return could and not _is_hidden(state, case, user)


def _is_meant_for(state: State, group: Group, case: Case, user: UserId) -> bool:
    if user in case.kept_from or _is_hidden(state, case, user):
        return False
    return is_open_to(state, group, case.visible, user)


def _is_hidden(state: State, case: Case, user: UserId) -> bool:
    return user in case.named or state.is_mourned(user)


def seers(state: State, group: Group, case: Case) -> tuple[UserId, ...]:
    """Return everybody who may see it: facilitators, then the lead."""
    everybody = dict.fromkeys((*facilitating(state, group), *lead_of(group)))
    return tuple(user for user in everybody if may_see(state, group, case, user))


def places(
    state: State, group: Group, case: Case, *, but: Iterable[UserId] = ()
) -> tuple[RoomId, ...]:
    """Return where all who may see it are told of it: in their room, if nobody else reads there.

    `but`: whose private chat is left out.
    """
    who = [user for user in seers(state, group, case) if user not in set(but)]
    room = room_for(state, group, case)
    if room is None:
        return chats_of(state, who)
    return (room, *chats_of(state, (user for user in who if user in lead_of(group))))


def room_for(state: State, group: Group, case: Case) -> RoomId | None:
    """Return the facilitators' room, if everybody who reads it may know of the case."""
    room = group.rooms.get(RoomKind.FACILITATORS)
    known = next((one for one in state.rooms if one.room == room), None)
    return room if room is not None and _is_for_all_in(state, group, case, known) else None


def read_number(text: str) -> tuple[int, str] | None:
    """Split off the number of a case, as `12` or `C-12`; None if there is none."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else (int(found[1]), (found[2] or "").strip())


def seen(turn: Turn, number: int) -> Seen | None:
    """Return a case by its number, if whoever asks may be told of it where they ask."""
    return next((one for one in all_seen(turn) if one.case.number == number), None)


def all_seen(turn: Turn) -> list[Seen]:
    """Return every case that may be spoken of to somebody where they stand, by number."""
    found = []
    for case in sorted(turn.state.cases or (), key=lambda one: one.number):
        group = turn.groups.get(case.group)
        if group is not None and _is_for(turn, group, case):
            found.append(Seen(turn, group, case))
    return found


def is_for_room(turn: Turn, group: Group, case: Case) -> bool:
    """Say whether a case may be spoken of where somebody stands, as far as others read there."""
    room = turn.state.room
    if room is None or room.what is RoomKind.CHAT:
        return True
    side = group.side.get(room.room)
    if side is None:
        return room.group == group.id and _is_for_all_in(turn.state, group, case, room)
    readers = {*side.users, *room.members}
    ours = side.number == case.number
    return ours and all(may_see(turn.state, group, case, user) for user in readers)


def _is_for(turn: Turn, group: Group, case: Case) -> bool:
    sees = may_see(turn.state, group, case, turn.user)
    return turn.state.room is not None and sees and is_for_room(turn, group, case)


def _is_for_all_in(state: State, group: Group, case: Case, room: Room | None) -> bool:
    inside = {*facilitating(state, group), *(room.members if room is not None else ())}
    return all(may_see(state, group, case, user) for user in inside)
