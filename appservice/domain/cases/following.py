"""Asks whoever has a case to look in again, in time; they do it, and the member may decline."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from appservice.domain.cases.case import Case, Level, Track
from appservice.domain.cases.log import first, noted
from appservice.domain.cases.steps import At, Step, Taken
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.turn import Reply
from appservice.domain.types import Text, UserId, Values

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REVIEW = 91 * DAY
NEARLY_A_DAY = timedelta(hours=23)
_AFTER = {
    Level.RED: (2 * HOUR, 24 * HOUR, 72 * HOUR, 7 * DAY, REVIEW),
    Level.AMBER: (24 * HOUR, 72 * HOUR, 7 * DAY),
    Level.GREEN: (7 * DAY,),
}


def steps(at: At) -> Iterable[Step]:
    """Yield the next looks, counted from when it was taken, or its level was set."""
    case = at.case
    if case.track is not Track.CARE or not case.is_open:
        return
    begun, levels = _begun(case)
    if case.level is Level.RED and begun is not None:
        yield _calm(case, begun, levels)
    if begun is None or case.owner is None or not case.follow_up:
        return
    for after in _AFTER[case.level or Level.AMBER]:
        yield Step(f"follow {levels} {after // HOUR}", begun + after, partial(_asked, after))


def _begun(case: Case) -> tuple[datetime | None, int]:
    """Return from when the looks are counted, and how often a level was set."""
    levels = [line for line in case.log if line.code.startswith("level ")]
    taken = levels[-1] if levels else first(case, "claimed")
    return (taken.at if taken is not None else None), len(levels)


def _asked(after: timedelta, at: At) -> Taken:
    """Ask once, however many looks are due by now: the newest of them."""
    case, now = at.case, at.here.now
    begun, _ = _begun(case)
    spans = _AFTER[case.level or Level.AMBER]
    later = (one for one in spans if one > after)
    if begun is None or any(begun + one <= now for one in later):
        return Taken(case, NOTHING)
    values: Values = {"number": case.number, "after": _said(after)}
    key = "case-look-again"
    if after == REVIEW:
        key = "case-review"
    elif case.level is Level.GREEN:
        key = "case-look-if-wanted"
    told = _told(at, case.owner, Text(key, values))
    if case.level is Level.RED and case.owner is not None:
        if key == "case-look-again":  # its word is the owner's
            key, values = "case-look-with", {**values, "user": case.owner}
        told += _told(at, case.second, Text(key, values))
    return Taken(noted(case, f"look {after // HOUR}", now), told)


def _told(at: At, user: UserId | None, line: Text) -> Outcome:
    here, group, case = at
    reply = Reply("case_note", (line,), group=group.charter.name, case=case.name)
    return in_private(here, group, user, reply) if user is not None else NOTHING


def _said(after: timedelta) -> Text:
    if after < 3 * DAY:
        return Text("case-hours", {"count": after // HOUR})
    return Text("case-days", {"count": after // DAY})


def _calm(case: Case, begun: datetime, levels: int) -> Step:
    """Keep the group calm for as long as a case is red, and a day beyond that."""
    prefix = f"red {levels} "
    count = sum(name.startswith(prefix) for name in case.done)
    return Step(f"{prefix}{count}", begun + (count + 1) * NEARLY_A_DAY, _still_red)


def _still_red(at: At) -> Taken:
    return Taken(at.case, Outcome(puts=(replace(at.group, red=at.here.now),)))
