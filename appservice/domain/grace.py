"""Fourteen days for whoever is in a group without a consent that we know of."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import Remove, Unwake, Wake
from appservice.domain.events import GraceEnded
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Grace
from appservice.domain.state import State
from appservice.domain.types import GroupId, UserId

LASTS, DAY = timedelta(days=14), timedelta(days=1)


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of a grace."""
    return f"grace {user} {group}"


def granted(user: UserId, group: Group, now: datetime) -> Outcome:
    """Let somebody stay while the gate is open to them."""
    return _waking(Grace(user, group.id, now + LASTS))


def over(grace: Grace) -> Outcome:
    """Forget a grace and its timer."""
    return Outcome(drops=(grace,), effects=(Unwake(timer(grace.user, grace.group)),))


def ended(state: State, event: GraceEnded, now: datetime) -> Outcome:
    """Look again: whoever has no consent by now is taken out, unless a care case names them."""
    group = state.groups.get(event.group)
    for grace in state.graces:
        if (grace.user, grace.group) != (event.user, event.group):
            continue
        if now < grace.until:
            return NOTHING
        if state.restored or state.cared_for(event.user) is not None:  # perhaps they consented
            return _waking(replace(grace, until=now + DAY))
        gone = Outcome(drops=(grace,))
        if group is None or state.consent(event.user, event.group) is not None:
            return gone
        return gone + Outcome(effects=(Remove(event.user, tuple(group.rooms.values())),))
    return NOTHING


def _waking(grace: Grace) -> Outcome:
    event = GraceEnded(grace.user, grace.group)
    wake = Wake(timer(grace.user, grace.group), grace.until, event)
    return Outcome(puts=(grace,), effects=(wake,))
