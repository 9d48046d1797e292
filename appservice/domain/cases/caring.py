"""Whom open care cases name: no machine pauses or removes them, and their deadlines rest."""

from dataclasses import replace

from appservice.domain.cases.case import Case, Track
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Care
from appservice.domain.turn import Turn
from appservice.domain.types import UserId


def cared(here: Turn, before: Case | None, after: Case) -> Outcome:
    """Keep in mind whom a case names now, and let go of whom it does not name any more."""
    was, now = _named(before), _named(after)
    out = NOTHING
    for user in sorted(was ^ now):
        out += _changed(here, user, after.number, by_it=user in now)
    return out


def _named(case: Case | None) -> set[UserId]:
    if case is None or case.track is not Track.CARE or not case.is_open:
        return set()
    return set(case.named)


def _changed(here: Turn, user: UserId, number: int, *, by_it: bool) -> Outcome:
    care = here.state.cared_for(user) or Care(user, here.now)
    others = tuple(one for one in care.cases if one != number)
    if by_it:
        return Outcome(puts=(replace(care, cases=(*others, number)),))
    if others or care.mourned:
        return Outcome(puts=(replace(care, cases=others),))
    return Outcome(drops=(care,))
