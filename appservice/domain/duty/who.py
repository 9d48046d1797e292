"""Who is on duty: by the rota where there is one, and never somebody who is off or away."""

from datetime import datetime

from appservice.domain.duty.staffed import has_hours, running
from appservice.domain.group import Group
from appservice.domain.membership import (
    facilitating,
    facilitators,
)
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.types import UserId


def on_duty(state: State, group: Group, now: datetime) -> tuple[UserId, ...]:
    """Return the facilitators who are there for a group now, those of the rota first.

    Outside of a rota's hours that is nobody. Within them, where all whom it names are off, it is
    the next one of the facilitators in their order.
    """
    there = available(state, group, now)
    if not has_hours(group):
        return there
    named = [user for one in running(group, now) for user in one.users]
    if not named:
        return ()
    on = tuple(user for user in dict.fromkeys(named) if user in there)
    return on or tuple(user for user in _ring(group, named[-1]) if user in there)[:1]


def available(state: State, group: Group, now: datetime) -> tuple[UserId, ...]:
    """Return the facilitators who did not say that they are off, in their order."""
    with_consent = facilitating(state, group)
    return tuple(
        user
        for user in facilitators(group.charter)
        if user in with_consent and not is_off_in(state, user, now) and not state.is_mourned(user)
    )


def is_off_in(state: State, user: UserId, now: datetime) -> bool:
    """Say whether somebody is off duty now, as far as anything is known of them."""
    return user in state.people and is_off(state.people[user], now)


def is_off(person: Person, now: datetime) -> bool:
    """Say whether somebody is off duty now, or away."""
    off = person.off
    return off is not None and (off.until is None or now < off.until)


def is_away(person: Person, now: datetime) -> bool:
    """Say whether somebody is away now: nothing at all reaches them."""
    return is_off(person, now) and person.off is not None and person.off.away


def _ring(group: Group, after: UserId) -> tuple[UserId, ...]:
    every = facilitators(group.charter)
    first = every.index(after) + 1 if after in every else 0
    return (*every[first:], *every[:first])
