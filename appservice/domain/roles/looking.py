"""What the rooms show of a group's facilitators: who has laid the role down by leaving."""

from datetime import datetime

from appservice.domain import helpline_watch, limits
from appservice.domain.events import GroupInspected
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.roles import watch
from appservice.domain.roles.ending import resigned
from appservice.domain.roles.telling import in_private
from appservice.domain.state import State
from appservice.domain.turn import notice, nowhere
from appservice.domain.types import CauseId, RoomKind, Text, UserId


def inspected(
    state: State, group: Group, event: GroupInspected, cause: CauseId, now: datetime
) -> tuple[Group, Outcome]:
    """Take leaving for what it says, then look whether enough of them are left."""
    here, out = nowhere(state, cause, now), Outcome()
    name = group.charter.name
    for user in _gone(state, group):
        group, ended = resigned(here, group, user)
        out += ended
    for user in _left_the_room(state, group, event):
        group, ended = resigned(here, group, user)
        own = notice(Text("role-resigned-own", {"group": name}), group=name)
        out += ended + in_private(here, group, user, own)
    for look in (watch.looked, helpline_watch.looked, limits.looked):
        group, told = look(here, group)
        out += told
    return group, out


def _gone(state: State, group: Group) -> list[UserId]:
    """Return who is named and has withdrawn; the lead alone need not be a member."""
    withdrew = {c.user for c in state.consents if c.group == group.id and c.withdrawn}
    return [
        user
        for user in group.charter.named
        if user in withdrew and state.consent(user, group.id) is None
    ]


def _left_the_room(state: State, group: Group, event: GroupInspected) -> list[UserId]:
    """Return who was in the facilitators' room when we last looked, and went by themselves."""
    known = {room.room: room.members for room in state.rooms}
    return [
        user
        for facts in event.rooms
        if facts.what is RoomKind.FACILITATORS
        for user in facts.left
        if user in group.charter.facilitators and user in known.get(facts.room, ())
    ]
