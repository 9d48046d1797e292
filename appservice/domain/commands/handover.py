"""!handover: offers your place to a member; it is theirs when they say yes."""

from appservice.domain.charter import GroupRole
from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.group import Group, Offer
from appservice.domain.membership import holds, leads
from appservice.domain.outcome import Outcome
from appservice.domain.roles.named import member_meant, role_meant
from appservice.domain.roles.offering import LASTS, of, offered, said_of
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId


def handover(turn: Turn, rest: str) -> Outcome:
    """Offer one's own place as facilitator or, where that is named, as lead."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    role = role_meant(turn, rest) or _only(turn, group)
    user = member_meant(turn, group)
    if isinstance(user, Text):
        return turn.refuse(user, group=group)
    if not _has_place(turn.user, group, role):
        return turn.refuse(Text("handover-not-yours"), group=group)
    if holds(user, group, role):
        return turn.refuse(Text("role-has", {"user": user}), group=group)
    if of(group, user) is not None:
        return turn.refuse(Text("role-offered-already", {"user": user}), group=group)
    offer = Offer(user, role, turn.user, turn.now, turn.now + LASTS, replaces=turn.user)
    said = notice(Text("handover-offered", said_of(group, offer)), group=group.charter.name)
    return offered(turn, group, offer) + turn.answer(said)


def _only(turn: Turn, group: Group) -> GroupRole:
    """Return the place that is meant where none is named."""
    facilitates_ = turn.user in group.charter.facilitators
    return GroupRole.FACILITATOR if facilitates_ else GroupRole.LEAD


def _has_place(user: UserId, group: Group, role: GroupRole) -> bool:
    if role is GroupRole.FACILITATOR:
        return user in group.charter.facilitators
    return role is GroupRole.LEAD and leads(user, group)
