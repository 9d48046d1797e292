"""A quiet time: nobody new comes in and no prompt is said; those who are there may talk on."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.group_life.words import in_one_notice
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, Text


def quieted(here: Turn, group: Group, until: datetime | None) -> Outcome:
    """Let a group be quiet, until a day or until somebody wakes it, and tell its members."""
    kept = Outcome(puts=(replace(group, stage="quiet", quiet_until=until),))
    name = group.charter.name
    if until is None:
        kept += resting(group.id, Matter.QUIET)
        told = Text("quiet-now", {"group": name})
    else:
        kept += waking(group.id, Matter.QUIET, until)
        told = Text("quiet-until", {"group": name, "date": f"{until:%Y-%m-%d}"})
    return kept + in_one_notice(here, group, told)


def woken(here: Turn, group: Group) -> Outcome:
    """Let a quiet group begin again, and tell its members."""
    kept = Outcome(puts=(replace(group, stage="open", quiet_until=None),))
    told = Text("quiet-over", {"group": group.charter.name})
    return kept + resting(group.id, Matter.QUIET) + in_one_notice(here, group, told)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look again: wake a group whose quiet time is over."""
    if group.stage != "quiet" or group.quiet_until is None:
        return NOTHING
    if now < group.quiet_until:
        return waking(group.id, Matter.QUIET, group.quiet_until)
    return woken(nowhere(state, cause, now, group.charter.language), group)
