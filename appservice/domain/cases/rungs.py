"""The ladder as data: who is asked after how long, as long as nobody has taken a case.

The times of red and of immediate danger are real ones; all others count in the group's hours.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from appservice.domain.cases.case import Case, For, Level, Track
from appservice.domain.cases.urgent import red_paging
from appservice.domain.group import Group


class Whom(StrEnum):
    """Who stands on a rung."""

    ON_DUTY = "on_duty"
    ALL = "all"  # facilitators
    EVERYBODY = "everybody"  # facilitators and the lead
    LEAD = "lead"
    OPERATOR = "operator"  # without content; the reporter is told that nobody has answered


@dataclass(frozen=True)
class Rung:
    """Who is asked, and how long after the wait began."""

    name: str
    after: timedelta
    whom: Whom


def _minutes(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def _hours(hours: int) -> timedelta:
    return timedelta(hours=hours)


RED = (
    Rung("duty", _minutes(0), Whom.ON_DUTY),
    Rung("again", _minutes(5), Whom.ON_DUTY),
    Rung("all", _minutes(10), Whom.ALL),
    Rung("lead", _minutes(15), Whom.LEAD),
    Rung("operator", _minutes(20), Whom.OPERATOR),
)
AMBER = (
    Rung("duty", _hours(0), Whom.ON_DUTY),
    Rung("all", _hours(2), Whom.ALL),
    Rung("lead", _hours(4), Whom.LEAD),
    Rung("operator", _hours(8), Whom.OPERATOR),
)
DANGER = (replace(AMBER[0], whom=Whom.EVERYBODY), *AMBER[1:])
"""Immediate danger where red paging is off: as amber, but everybody is told at once."""
GREEN = (
    Rung("duty", _hours(0), Whom.ON_DUTY),
    Rung("again", _hours(12), Whom.ON_DUTY),
    Rung("all", _hours(24), Whom.ALL),
    Rung("lead", _hours(48), Whom.LEAD),
    Rung("operator", _hours(72), Whom.OPERATOR),
)
CONDUCT = (
    Rung("duty", _hours(0), Whom.ON_DUTY),
    Rung("all", _hours(48), Whom.ALL),
    Rung("lead", _hours(72), Whom.LEAD),
    Rung("operator", _hours(96), Whom.OPERATOR),
)


def name(case: Case, rung: Rung) -> str:
    """Name the step of a rung: a case that is released climbs anew."""
    return f"{case.waits} {rung.name}"


def is_red(group: Group, case: Case) -> bool:
    """Say whether minutes count: people say that it is red, or a promise to page was made."""
    if case.level is None:
        return case.urgent and red_paging(group)
    return case.level is Level.RED


def is_at_once(group: Group, case: Case) -> bool:
    """Say whether it does not wait for the hours of a group."""
    return is_red(group, case) or (case.urgent and case.level is None)


def ladder(group: Group, case: Case) -> tuple[Rung, ...]:
    """Return the rungs of a case; what only the lead may see begins with the lead."""
    rungs = _by_level(group, case)
    if case.visible is not For.LEAD:
        return rungs
    return tuple(
        rung if rung.whom is Whom.OPERATOR else replace(rung, whom=Whom.LEAD) for rung in rungs
    )


def is_in_vain(group: Group, case: Case) -> bool:
    """Say whether everybody was asked, the operator last, and nobody has it still."""
    return case.owner is None and name(case, ladder(group, case)[-1]) in case.done


def _by_level(group: Group, case: Case) -> tuple[Rung, ...]:
    if is_red(group, case):
        return RED
    if is_at_once(group, case):
        return DANGER
    if case.track is Track.CONDUCT:
        return CONDUCT
    return GREEN if case.level is Level.GREEN else AMBER
