"""Who is what in a group: facilitators, members, and the rooms that are theirs."""

from collections.abc import Iterable
from datetime import date, datetime

from appservice.domain.charter import Charter, GroupRole
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.domain.state import State
from appservice.domain.types import RoomId, RoomKind, Size, UserId

FACILITATORS = 2  # a group has at least two


def facilitators(charter: Charter) -> tuple[UserId, ...]:
    """Return who facilitates; in a small group with one facilitator the lead is the second."""
    named = tuple(dict.fromkeys(charter.facilitators))
    if charter.size is Size.SMALL and charter.lead is not None and len(named) < FACILITATORS:
        return tuple(dict.fromkeys((*named, charter.lead)))
    return named


def may_apply(user: UserId, group: Group, now: datetime) -> bool:
    """Say whether the gate is open to somebody: a draft's is to its facilitators only."""
    if group.stage == "draft" or (group.stage == "open" and is_under_way(group, now.date())):
        return facilitates(user, group)
    return group.stage == "open"


def is_under_way(group: Group, today: date) -> bool:
    """Say whether a cohort has begun, and takes nobody in any more; days are those of UTC."""
    charter = group.charter
    begun = charter.begins is not None and today >= charter.begins and not charter.late_joins
    return begun or (charter.ends is not None and today > charter.ends)


def may_be_in(what: RoomKind, group: Group, consent: Consent | None) -> bool:
    """Say whether a consent in a group opens its room of this kind."""
    if consent is None or consent.withdrawn is not None:
        return False
    return what is not RoomKind.FACILITATORS or facilitates(consent.user, group)


def facilitates(user: UserId, group: Group) -> bool:
    """Say whether the charter names somebody as facilitator; their consent is another matter."""
    return user in facilitators(group.charter)


def leads(user: UserId, group: Group) -> bool:
    """Say whether somebody is the group's lead, who need not be a member."""
    return user == group.charter.lead


def holds(user: UserId, group: Group, role: GroupRole) -> bool:
    """Say whether the charter names somebody as this."""
    match role:
        case GroupRole.GREETER:
            return user in group.charter.greeters
        case GroupRole.TECH:
            return user in group.charter.tech_hosts
        case GroupRole.FACILITATOR:
            return facilitates(user, group)
        case GroupRole.LEAD:
            return leads(user, group)


def holding(state: State, group: Group, role: GroupRole) -> tuple[UserId, ...]:
    """Return who is named as this, with a consent that counts now."""
    consents = current(state.consents, group)
    return tuple(c.user for c in consents if holds(c.user, group, role))


def rooms_of(group: Group, consent: Consent) -> tuple[RoomId, ...]:
    """Return the rooms of a group that a consent opens, of those made so far."""
    return tuple(room for what, room in group.rooms.items() if may_be_in(what, group, consent))


def current(consents: Iterable[Consent], group: Group) -> tuple[Consent, ...]:
    """Return the consents in a group that count now."""
    return tuple(c for c in consents if c.group == group.id and c.withdrawn is None)


def chats_of(state: State, users: Iterable[UserId]) -> tuple[RoomId, ...]:
    """Return the private chats of people, as far as they are known, alive, and have one."""
    people = {**state.people, **({state.person.user: state.person} if state.person else {})}
    alive = (user for user in dict.fromkeys(users) if not state.is_mourned(user))
    found = (people[user].chat for user in alive if user in people)
    return tuple(dict.fromkeys(chat for chat in found if chat is not None))


def facilitated_by(state: State, user: UserId) -> tuple[Group, ...]:
    """Return the groups that somebody facilitates, with a consent that counts now."""
    return tuple(
        state.groups[consent.group]
        for consent in state.consents
        if consent.user == user
        and consent.withdrawn is None
        and consent.group in state.groups
        and state.groups[consent.group].session is None
        and facilitates(user, state.groups[consent.group])
    )


def facilitating(state: State, group: Group) -> tuple[UserId, ...]:
    """Return who facilitates a group, with a consent that counts now."""
    consents = current(state.consents, group)
    return tuple(c.user for c in consents if facilitates(c.user, group))


def places_of_facilitators(
    state: State, group: Group, *, but: UserId | None = None
) -> tuple[RoomId, ...]:
    """Return where facilitators are told something: their room, or each one's private chat."""
    if room := group.rooms.get(RoomKind.FACILITATORS):
        return (room,)
    return chats_of(state, (user for user in facilitating(state, group) if user != but))
