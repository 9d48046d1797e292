"""Whom a charter names as what: given, taken, and said in words."""

from collections.abc import Iterable
from dataclasses import replace

from appservice.domain.charter import Charter, GroupRole
from appservice.domain.group import Group
from appservice.domain.membership import current, holds
from appservice.domain.mentions import mentioned
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId

ALL = tuple(GroupRole)
WITHOUT_POWER = (GroupRole.GREETER, GroupRole.TECH)
NAMES = {
    GroupRole.GREETER: Text("role-greeter"),
    GroupRole.TECH: Text("role-tech"),
    GroupRole.FACILITATOR: Text("role-facilitator"),
    GroupRole.LEAD: Text("role-lead"),
}


def given(charter: Charter, user: UserId, role: GroupRole) -> Charter:
    """Name somebody as this; there is one lead, and any number of all others."""
    match role:
        case GroupRole.GREETER:
            return replace(charter, greeters=_with(charter.greeters, user))
        case GroupRole.TECH:
            return replace(charter, tech_hosts=_with(charter.tech_hosts, user))
        case GroupRole.FACILITATOR:
            return replace(charter, facilitators=_with(charter.facilitators, user))
        case GroupRole.LEAD:
            return replace(charter, lead=user)


def taken(charter: Charter, user: UserId, roles: Iterable[GroupRole]) -> Charter:
    """Name somebody as these no longer."""
    for role in roles:
        match role:
            case GroupRole.GREETER:
                charter = replace(charter, greeters=_without(charter.greeters, user))
            case GroupRole.TECH:
                charter = replace(charter, tech_hosts=_without(charter.tech_hosts, user))
            case GroupRole.FACILITATOR:
                others = _without(charter.facilitators, user)
                charter = replace(charter, facilitators=others)
            case GroupRole.LEAD if charter.lead == user:
                charter = replace(charter, lead=None)
            case _:
                pass
    return charter


def roles_of(user: UserId, group: Group) -> tuple[GroupRole, ...]:
    """Return what the charter names somebody as."""
    return tuple(role for role in ALL if holds(user, group, role))


def role_meant(turn: Turn, text: str) -> GroupRole | None:
    """Return the role that a text names beside a user id, first or last."""
    return next((role for role in ALL if says(turn, text, role.value)), None)


def says(turn: Turn, text: str, part: str) -> bool:
    """Tell whether a text, ids aside, ends with a word for a role, or for none."""
    words = " ".join(word for word in text.casefold().split() if ":" not in word)
    return any(
        f" {words}".endswith(f" {spelling}") for spelling in spellings(turn, f"role-{part}")
    )


def member_meant(turn: Turn, group: Group) -> UserId | Text:
    """Return the member whose id stands in the message, or why there is none."""
    said = mentioned(turn.text)
    if len(said) != 1:
        return Text("role-whom")
    members = (c.user for c in current(turn.state.consents, group))
    missing = Text("role-no-member", {"user": said[0], "group": group.charter.name})
    return next((user for user in members if user.casefold() == said[0]), missing)


def _with(users: tuple[UserId, ...], user: UserId) -> tuple[UserId, ...]:
    return tuple(dict.fromkeys((*users, user)))


def _without(users: tuple[UserId, ...], user: UserId) -> tuple[UserId, ...]:
    return tuple(other for other in users if other != user)
