"""Identities that changed: a facilitator's words rest until somebody vouches for the new one."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.effects import AcceptIdentity, TellOperator
from appservice.domain.events import IdentityAccepted, IdentityChanged, IdentityConfirmed
from appservice.domain.group import Group
from appservice.domain.membership import (
    facilitated_by,
    facilitating,
    places_of_facilitators,
)
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.telling import notices_to_groups
from appservice.domain.turn import in_chat, notice
from appservice.domain.types import CauseId, Text, UserId


def changed(state: State, event: IdentityChanged) -> Outcome:
    """Keep which identity waits for a word, and ask the other facilitators for it, once."""
    if event.user in (state.house.keeper, state.house.steward):
        return NOTHING  # marks on these are looked for elsewhere
    person = state.person or Person(event.user)
    if person.new_identity == event.master_key:
        return NOTHING
    kept = Outcome(puts=(replace(person, new_identity=event.master_key),))
    groups = facilitated_by(state, event.user)
    if not groups:
        return kept
    told = _to_others(state, event.user, Text("identity-changed", {"user": event.user}))
    if told == NOTHING:
        facts = {"facilitator": event.user}
        told = Outcome(effects=(TellOperator(Text("operator-identity-changed"), facts),))
    return kept + told


def confirmed(event: IdentityConfirmed) -> Outcome:
    """Follow the operator, who has seen the same emoji."""
    return Outcome(effects=(AcceptIdentity(event.user, event.master_key),))


def accepted(state: State, event: IdentityAccepted, cause: CauseId, now: datetime) -> Outcome:
    """Say to a facilitator, and to those beside them, that their words count again."""
    person = state.person
    if person is None or person.new_identity != event.master_key:
        return NOTHING  # said already, or it has changed once more
    person = replace(person, new_identity=None)
    kept = Outcome(puts=(person,))
    if not facilitated_by(state, event.user):
        return kept
    key = "identity-accepted" if event.by else "identity-accepted-by-operator"
    told = _to_others(state, event.user, Text(key, {"user": event.user, "by": event.by or ""}))
    turn = in_chat(state, cause, now)
    if turn is None:
        return kept + told
    return told + replace(turn, person=person).answer(notice(Text("identity-counts")))


def _to_others(state: State, user: UserId, text: Text) -> Outcome:
    def others(group: Group) -> bool:
        return any(one != user for one in facilitating(state, group))

    groups = filter(others, facilitated_by(state, user))
    return notices_to_groups(
        groups, lambda group: places_of_facilitators(state, group, but=user), text
    )
