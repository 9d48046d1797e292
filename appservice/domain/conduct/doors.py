"""Who was removed comes in again by a facilitator's word only; their name is not kept for that."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, Text, UserId, derive

KEPT_FOR = timedelta(days=365)


def mark(group: GroupId, user: UserId) -> str:
    """Make what is kept instead of a name: who is asked about must be known by name already."""
    return derive("removed", group, user)


def closed(group: Group, user: UserId, now: datetime) -> Group:
    """Close every code to somebody for a year."""
    return replace(group, barred={**group.barred, mark(group.id, user): now + KEPT_FOR})


def opened(group: Group, user: UserId) -> Group:
    """Let codes work for somebody again."""
    rest = {one: at for one, at in group.barred.items() if one != mark(group.id, user)}
    return replace(group, barred=rest)


def is_closed(group: Group, user: UserId, now: datetime) -> bool:
    """Say whether somebody needs a facilitator's word to come in."""
    until = group.barred.get(mark(group.id, user))
    return until is not None and now < until


def refused(turn: Turn, group: Group) -> Outcome | None:
    """Say so to whoever comes by a code; None if the door is open to them."""
    if not is_closed(group, turn.user, turn.now):
        return None
    name = group.charter.name
    return turn.refuse(Text("door-closed", {"group": name}), group=group)


def step(here: Turn, group: Group) -> Outcome | None:
    """Forget what is older than a year."""
    rest = {one: at for one, at in group.barred.items() if here.now < at}
    if len(rest) == len(group.barred):
        return None
    return Outcome(puts=(replace(group, barred=rest),))


def moments(here: Turn, group: Group) -> Iterable[datetime]:  # noqa: ARG001
    """Return when something is to be forgotten."""
    return group.barred.values()
