"""Red paging, switched on only where somebody answers, and off by itself where that ends."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.cases import waiting
from appservice.domain.cases.urgent import holds_until, red_paging
from appservice.domain.duty.staffed import has_hours
from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, Text

_DAY = timedelta(days=1)


def missing(group: Group, now: datetime) -> tuple[Text, ...]:
    """Say what a group lacks to promise that somebody is paged at once; nothing: it may."""
    lacks = () if has_hours(group) else (Text("red-needs-hours"),)
    until = holds_until(group)
    return lacks if until is not None and now < until else (*lacks, Text("red-needs-tests"))


def switched_on(group: Group, now: datetime) -> Outcome:
    """Keep that it is on, and look every day whether that still holds."""
    return _kept(replace(group, red_paging=now), now)


def switched_off(group: Group) -> Outcome:
    """Keep that it is off: nothing is promised, and nothing is looked at any more."""
    off = Outcome(puts=(replace(group, red_paging=None),))
    return off + resting(group.id, Matter.RED_PAGING)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look again, once a day and when the answers get too old."""
    return looked_at(nowhere(state, cause, now, group.charter.language), group)


def looked_at(turn: Turn, group: Group) -> Outcome:
    """Keep a group as it is now, and take the promise back if it cannot be kept any more."""
    changed = Outcome(puts=(group,)) if group != turn.groups.get(group.id) else NOTHING
    if group.red_paging is None:
        return changed
    lacks = missing(group, turn.now)
    if red_paging(group) and not lacks:
        return _kept(group, turn.now)
    places = places_of_facilitators(turn.state, group)
    told = notices(places, group, Text("red-falls"), *lacks, kind="duty")
    return switched_off(group) + told + waiting.looked_at(turn, group.id)


def _kept(group: Group, now: datetime) -> Outcome:
    until = holds_until(group) or now
    return Outcome(puts=(group,)) + waking(group.id, Matter.RED_PAGING, min(until, now + _DAY))
