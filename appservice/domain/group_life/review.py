"""The review: twice a year facilitators look at what they once wrote down."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.dates import day_in
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId, Matter, Text

HALF_A_YEAR = timedelta(days=182)
BEFORE = timedelta(days=14)


def first(group: Group, now: datetime) -> Outcome:
    """Keep a group that opens now, with the day of its first review."""
    named = day_in(group.charter.review)
    on = named if named is not None and named > now else now + HALF_A_YEAR
    return _kept(group, on, now)


def following(group: Group, now: datetime) -> tuple[Group, Outcome]:
    """Keep that the review is done; the next one is in half a year."""
    on = now + HALF_A_YEAR
    return replace(group, review=on), _kept(group, on, now)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Say it a fortnight before, and on the day; then it rests until somebody has looked."""
    if group.review is None or group.stage not in ("open", "quiet"):
        return NOTHING
    if now < group.review - BEFORE:
        return waking(group.id, Matter.REVIEW, group.review - BEFORE)
    values = {"group": group.charter.name, "date": f"{group.review:%Y-%m-%d}"}
    here = nowhere(state, cause, now, group.charter.language)
    lines = (Text("review-what"), Text("review-done-how"))
    if now < group.review:
        said = to_facilitators(here, group, Text("review-soon", values), *lines, lead=True)
        return waking(group.id, Matter.REVIEW, group.review) + said
    return to_facilitators(here, group, Text("review-today", values), *lines, lead=True)


def _kept(group: Group, on: datetime, now: datetime) -> Outcome:
    kept = Outcome(puts=(replace(group, review=on),))
    return kept + waking(group.id, Matter.REVIEW, max(now, on - BEFORE))
