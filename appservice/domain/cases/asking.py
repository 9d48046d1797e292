"""Whom a case may be brought to: who may know of it, did not raise it, and does not rest."""

from collections.abc import Sequence
from datetime import datetime

from appservice.domain.cases.case import Case, Level
from appservice.domain.cases.rungs import Rung, Whom, is_red
from appservice.domain.cases.seeing import may_be_asked, seers
from appservice.domain.duty.who import available, is_away, is_off_in, on_duty
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, facilitating
from appservice.domain.state import State
from appservice.domain.types import UserId


def asked_on(
    state: State, group: Group, case: Case, rungs: Sequence[Rung], now: datetime
) -> tuple[UserId, ...]:
    """Return who stands on these rungs and can be asked about the case now, each once."""
    every = (user for rung in rungs for user in _on(state, group, case, rung, now))
    return tuple(dict.fromkeys(user for user in every if may_be_asked(state, group, case, user)))


def can_take(state: State, group: Group, case: Case, now: datetime) -> tuple[UserId, ...]:
    """Return who is there to take it now, and did not raise it.

    Whoever is off duty is there for what cannot wait only, and nobody is who has no chat.
    """
    found = (u for u in seers(state, group, case) if may_be_asked(state, group, case, u))
    grave = is_grave(case)
    there = (user for user in found if _is_there(state, user, now, with_off=grave))
    return tuple(user for user in there if chats_of(state, (user,)))


def is_grave(case: Case) -> bool:
    """Say whether whoever is off duty may take it too: it cannot wait."""
    return case.level is Level.RED or case.urgent


def is_for_those_off(state: State, group: Group, case: Case, rung: Rung, now: datetime) -> bool:
    """Say whether who is off is asked too: in a red case that nobody on duty has answered.

    A rung that is climbed before its time is not for them yet, as long as others are there.
    """
    if not is_red(group, case):
        return False
    others = [u for u in available(state, group, now) if may_be_asked(state, group, case, u)]
    return not others or now >= case.since + rung.after


def _on(state: State, group: Group, case: Case, rung: Rung, now: datetime) -> tuple[UserId, ...]:
    """Return who stands on a rung: nobody who is away, and of those who are off, see below."""
    lead = () if group.charter.lead is None else (group.charter.lead,)
    match rung.whom:
        case Whom.ON_DUTY:
            return on_duty(state, group, now)
        case Whom.ALL:
            users = facilitating(state, group)
        case Whom.EVERYBODY:
            users = (*facilitating(state, group), *lead)
        case Whom.LEAD:
            users = lead
        case Whom.OPERATOR:
            return ()
    with_off = is_for_those_off(state, group, case, rung, now)
    return tuple(user for user in users if _is_there(state, user, now, with_off=with_off))


def _is_there(state: State, user: UserId, now: datetime, *, with_off: bool) -> bool:
    person = state.people.get(user)
    if person is not None and is_away(person, now):
        return False
    return with_off or not is_off_in(state, user, now)
