"""A role ends: laid down by a word, by leaving, or because the place was handed over."""

from collections.abc import Iterable
from dataclasses import replace

from appservice.domain.charter import GroupRole
from appservice.domain.effects import Remove, SetPowers
from appservice.domain.group import Group, Offer, Team
from appservice.domain.membership import facilitates, facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.roles import watch
from appservice.domain.roles.named import ALL, taken
from appservice.domain.roles.telling import to_all_in_charge
from appservice.domain.turn import Turn
from appservice.domain.types import RoomKind, Text, UserId

IN_CHARGE = (GroupRole.FACILITATOR, GroupRole.LEAD)


def laid_down(
    group: Group, user: UserId, roles: Iterable[GroupRole] = ALL
) -> tuple[Group, Outcome]:
    """Take roles, and at once the power and the room that come with them; nobody is told here.

    What they had offered falls with it, and so do words against them.
    """
    roles = tuple(roles)
    after = replace(group, charter=taken(group.charter, user, roles))
    if set(roles) & set(IN_CHARGE):
        after = replace(after, team=_without(after.team, user, roles))
    if facilitates(user, group) and not facilitates(user, after):
        after = _without_wishes(after, user)
    if after == group:
        return group, Outcome()
    out = Outcome(puts=(after,))
    if facilitators(after.charter) != facilitators(group.charter):
        out += Outcome(effects=tuple(SetPowers(group.id, what) for what in group.rooms))
    room = group.rooms.get(RoomKind.FACILITATORS)
    if room is not None and facilitates(user, group) and not facilitates(user, after):
        out += Outcome(effects=(Remove(user, (room,)),))
    return after, out


def resigned(
    here: Turn, group: Group, user: UserId, roles: Iterable[GroupRole] = ALL
) -> tuple[Group, Outcome]:
    """Let somebody lay roles down, tell the others, and look whether enough are left."""
    after, out = laid_down(group, user, roles)
    if group.session is not None:  # their own group was told
        return after, out
    if facilitates(user, group) and not facilitates(user, after):
        text = Text("role-resigned", {"user": user, "group": group.charter.name})
        out += to_all_in_charge(here.state, after, text, but=(user,))
    elif group.charter.lead == user != after.charter.lead:
        text = Text("role-lead-resigned", {"user": user, "group": group.charter.name})
        out += to_all_in_charge(here.state, after, text, but=(user,))
    after, told = watch.looked(here, after)
    return after, out + told


def _without_wishes(group: Group, user: UserId) -> Group:
    """Forget that somebody wanted the group to close or to split, where nobody has agreed yet."""
    closing, split = group.closing, group.split
    if closing is not None and not closing.agreed and closing.by == user:
        group = replace(group, closing=None)
    if split is not None and split.new is None and split.by == user:
        group = replace(group, split=None)
    return group


def _without(team: Team, user: UserId, roles: Iterable[GroupRole]) -> Team:
    """Forget what hung on somebody's place, and offers to them of what they lay down."""

    def falls(offer: Offer) -> bool:
        theirs = user in (offer.by, offer.second, offer.replaces)
        return theirs or (offer.user == user and offer.role in roles)

    return replace(
        team,
        offers=tuple(offer for offer in team.offers if not falls(offer)),
        revocations=tuple(r for r in team.revocations if user not in (r.user, r.by)),
    )
