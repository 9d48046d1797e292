"""Whoever looks after no group any more is reached outside of Matrix no longer.

In silence: they have laid a place down, and nothing comes to them by it any more.
"""

from dataclasses import replace
from datetime import datetime

from appservice.domain.effects import Wake
from appservice.domain.events import DutyDue
from appservice.domain.group import Group
from appservice.domain.membership import facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.paging.proving import let_be
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.types import UserId


def followed(state: State, outcome: Outcome, now: datetime) -> Outcome:
    """Have those looked at who have just lost a place: all of their groups are known there."""
    lost: set[UserId] = set()
    for put in outcome.puts:
        before = state.groups.get(put.id) if isinstance(put, Group) else None
        if isinstance(put, Group) and before is not None:
            lost |= _in_charge(before) - _in_charge(put)
    those = sorted(user for user in lost if _may_be_reached(state, user))
    return Outcome(effects=tuple(Wake(f"pages {one}", now, DutyDue(one)) for one in those))


def forgotten(state: State, person: Person) -> Person:
    """Return somebody without their addresses, if no group names them in charge any more."""
    if any(person.user in _in_charge(group) for group in state.groups.values()):
        return person
    return replace(let_be(person), pages=())


def _in_charge(group: Group) -> set[UserId]:
    """Return who facilitates or leads a group; a session has nobody of its own."""
    if group.session is not None or group.stage == "closed":
        return set()
    return {*facilitators(group.charter), *filter(None, (group.charter.lead,))}


def _may_be_reached(state: State, user: UserId) -> bool:
    person = state.people.get(user)
    return person is not None and (bool(person.pages) or person.proving is not None)
