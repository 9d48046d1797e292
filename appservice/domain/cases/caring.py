"""Whom open care cases name: no machine pauses or removes them, and their deadlines rest."""

from dataclasses import replace

from appservice.domain.cases.case import Case, Level, Track
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Care
from appservice.domain.turn import Turn
from appservice.domain.types import UserId


def cared(here: Turn, before: Case | None, after: Case) -> Outcome:
    """Keep in mind whom a case names now, and let go of whom it does not name any more."""
    now = _named(after)
    out = NOTHING
    for user in sorted(_named(before) | now):
        out += _changed(here, user, after, by_it=user in now)
    return out


def _named(case: Case | None) -> set[UserId]:
    if case is None or case.track is not Track.CARE or not case.is_open:
        return set()
    return set(case.named)


def _changed(here: Turn, user: UserId, case: Case, *, by_it: bool) -> Outcome:
    known = here.state.cared_for(user)
    care = known or Care(user, here.now)
    cases = _with(care.cases, case.number, it=by_it)
    red = _with(care.red, case.number, it=by_it and case.level is Level.RED)
    if not cases and not care.mourned:
        return Outcome(drops=(care,))
    kept = replace(care, cases=cases, red=red)
    return Outcome(puts=(kept,)) if kept != known else NOTHING


def _with(numbers: tuple[int, ...], number: int, *, it: bool) -> tuple[int, ...]:
    if it and number in numbers:
        return numbers
    rest = tuple(one for one in numbers if one != number)
    return (*rest, number) if it else rest
