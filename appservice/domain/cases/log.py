"""What is written down about a case: codes and moments, and names that lead to nobody."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.cases.case import Case, Noted
from appservice.domain.types import GroupId, UserId, derive

LETTERS = 8


def pseudonym(group: GroupId, user: UserId) -> str:
    """Return a name for somebody that stands in the log of this group only."""
    return derive("case log", group, user)[:LETTERS]


def noted(case: Case, code: str, now: datetime, user: UserId | None = None) -> Case:
    """Write down what was done, and by whom; None: by the clock."""
    by = pseudonym(case.group, user) if user is not None else ""
    return replace(case, log=(*case.log, Noted(code, now, by)))


def newest(case: Case, *codes: str) -> Noted | None:
    """Return the newest line with one of these codes."""
    return next((one for one in reversed(case.log) if one.code in codes), None)


def first(case: Case, code: str) -> Noted | None:
    """Return the oldest line with this code."""
    return next((one for one in case.log if one.code == code), None)
