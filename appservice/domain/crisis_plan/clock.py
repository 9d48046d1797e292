"""What of a crisis plan is due: a look at it, playing it through, names that are missing.

Facilitators and the lead are told; the group stays open whatever happens.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.crisis_plan.keeping import NEEDED, review_of, signatures
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId, Matter, Text

BEFORE = timedelta(days=30)
AGAIN = timedelta(days=7)
LEAST = AGAIN - timedelta(hours=1)  # a timer that goes off a little early does not cost a week
YEAR = timedelta(days=365)


def looking(group: Group, now: datetime) -> Outcome:
    """Set the next look: on the days of the review, and each week between."""
    review = review_of(group)
    days = () if review is None else (review - BEFORE, review)
    return waking(group.id, Matter.PLAN, min(day for day in (*days, now + AGAIN) if day > now))


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look again, and say what is due and was not said."""
    if group.stage not in ("open", "quiet"):
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    said = list(_due(state, group, now))
    if not said:
        return looking(group, now)
    told = {**group.plan.told, **dict.fromkeys((what for what, _ in said), now)}
    after = replace(group, plan=replace(group.plan, told=told))
    lines = (text for _, text in said)
    kept = Outcome(puts=(after,)) + looking(after, now)
    return kept + to_facilitators(here, group, *lines, lead=True)


def _due(state: State, group: Group, now: datetime) -> Iterator[tuple[str, Text]]:
    plan, name = group.plan, group.charter.name
    review = review_of(group)
    if review is not None and now >= review - BEFORE:
        values = {"group": name, "date": f"{review:%Y-%m-%d}"}
        if now < review and not _told(plan.told.get("review"), review - BEFORE, now):
            yield "review", Text("plan-review-soon", values)
        if now >= review and not _told(plan.told.get("review"), max(review, now - LEAST), now):
            yield "review", Text("plan-review-over", values)
    for what, key, last in (
        ("drill", "plan-drill-due", plan.drilled),
        ("learned", "plan-learned-due", plan.learned),
    ):
        again = (last or group.founded) + YEAR
        if now >= again and not _told(plan.told.get(what), max(again, now - YEAR), now):
            yield what, Text(key, {"group": name})
    count = signatures(state, group)
    if count < NEEDED and not _told(plan.told.get("names"), now - LEAST, now):
        yield "names", Text("plan-unsigned", {"group": name, "count": count})


def _told(last: datetime | None, since: datetime, now: datetime) -> bool:
    """Say whether it was said since then; if in the future, then by a wrong clock."""
    return last is not None and since <= last <= now
