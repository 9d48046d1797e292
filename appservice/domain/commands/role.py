"""!role: shows who does what in your group, and offers somebody a role."""

from dataclasses import replace

from appservice.domain.charter import GroupRole
from appservice.domain.duty.who import is_off
from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.group import Group, Offer
from appservice.domain.membership import holding
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.roles.ending import laid_down
from appservice.domain.roles.named import (
    NAMES,
    WITHOUT_POWER,
    member_meant,
    role_meant,
    roles_of,
    says,
)
from appservice.domain.roles.offering import (
    LASTS,
    asks,
    kept,
    may_offer,
    of,
    offered,
    over,
    said_of,
    stands,
    without,
)
from appservice.domain.roles.telling import in_private
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId


def role(turn: Turn, rest: str) -> Outcome:
    """Show the roles, offer one, stand for an offer, or take one without power away."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return _shown(turn, group)
    if subcommand(turn, rest, "role", ("confirm",)):
        return _seconded(turn, group)
    return _of_member(turn, group, rest)


def _of_member(turn: Turn, group: Group, rest: str) -> Outcome:
    user = member_meant(turn, group)
    if isinstance(user, Text):
        return turn.refuse(user, group=group)
    if says(turn, rest, "none"):
        return _taken(turn, group, user)
    named = role_meant(turn, rest)
    if named is None:
        return turn.refuse(Text("role-unknown"), group=group)
    return _offered(turn, group, user, named)


def _shown(turn: Turn, group: Group) -> Outcome:
    lines = [Text("roles-title", {"group": group.charter.name})]
    for one in (GroupRole.LEAD, GroupRole.FACILITATOR, GroupRole.GREETER, GroupRole.TECH):
        users = holding(turn.state, group, one)
        if one is GroupRole.LEAD and group.charter.lead is not None:
            users = (group.charter.lead,)  # who need not be a member
        lines += [_line(turn, user, one) for user in users]
    for offer in group.team.offers:
        key = "roles-proposed" if offer.waits_for_second else "roles-offered"
        lines.append(Text(key, said_of(group, offer)))
    card = Text("card", {"lines": tuple(lines)})
    return turn.answer(notice(card, group=group.charter.name))


def _line(turn: Turn, user: UserId, one: GroupRole) -> Text:
    person = turn.person if user == turn.user else turn.state.people.get(user)
    away = one is GroupRole.FACILITATOR and person is not None and is_off(person, turn.now)
    return Text("roles-line-off" if away else "roles-line", {"user": user, "role": NAMES[one]})


def _offered(turn: Turn, group: Group, user: UserId, wanted: GroupRole) -> Outcome:
    if not may_offer(turn.user, group, wanted):
        return turn.refuse(Text("role-above"), group=group)
    if user == turn.user:
        return turn.refuse(Text("role-self"), group=group)
    if wanted in roles_of(user, group):
        return turn.refuse(Text("role-has", {"user": user}), group=group)
    if of(group, user) is not None:
        return turn.refuse(Text("role-offered-already", {"user": user}), group=group)
    replaces = turn.user if wanted is GroupRole.LEAD else None
    offer = Offer(user, wanted, turn.user, turn.now, turn.now + LASTS, replaces=replaces)
    key = "role-needs-second" if offer.waits_for_second else "role-asked"
    said = notice(Text(key, said_of(group, offer)), group=group.charter.name)
    return offered(turn, group, offer) + turn.answer(said)


def _seconded(turn: Turn, group: Group) -> Outcome:
    """Stand for what somebody else proposed: the only one, or the one that is named."""
    waiting = [o for o in group.team.offers if o.waits_for_second and turn.now < o.expires]
    said = mentioned(turn.text)
    meant = [offer for offer in waiting if not said or offer.user.casefold() in said]
    if len(meant) != 1:
        return turn.refuse(Text("role-confirm-whom"), group=group)
    [offer] = meant
    if turn.user in (offer.by, offer.user):
        return turn.refuse(Text("role-confirm-another"), group=group)
    if not stands(offer, group) or not turn.state.consent(offer.user, group.id):
        return over(group, offer) + turn.refuse(Text("role-offer-over"), group=group)
    seconded = replace(offer, second=turn.user)
    group = kept(group, seconded)
    said_now = notice(Text("role-asked", said_of(group, offer)), group=group.charter.name)
    return Outcome(puts=(group,)) + asks(turn, group, seconded) + turn.answer(said_now)


def _taken(turn: Turn, group: Group, user: UserId) -> Outcome:
    """Take back an offer, and roles without power; the others are for !resign and !revoke."""
    out, name = Outcome(), group.charter.name
    offer = of(group, user)
    if offer is not None and not offer.accepted:
        out += over(group, offer)
        group = without(group, offer)
    had = [one for one in roles_of(user, group) if one in WITHOUT_POWER]
    if not had and offer is None:
        return turn.refuse(Text("role-none-to-take", {"user": user}), group=group)
    group, ended = laid_down(group, user, WITHOUT_POWER)
    out += ended
    if had:
        own = notice(Text("role-taken-own", {"group": name}), group=name)
        out += in_private(turn, group, user, own)
    return out + turn.answer(notice(Text("role-taken", {"user": user}), group=name))
