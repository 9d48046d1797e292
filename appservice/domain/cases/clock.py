"""Looks after a case: the one way by which it is kept after any change, and its timer.

What is due is read from the case as it is by then. So nothing is done twice, and nothing is left
out after a restart, days of downtime, or a clock that has jumped.
"""

from dataclasses import replace
from datetime import datetime

from appservice.domain.cases import ending, program, taken
from appservice.domain.cases.caring import cared
from appservice.domain.cases.case import Case, Stage
from appservice.domain.cases.steps import At
from appservice.domain.duty import drill
from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import CaseDue, PageFailed
from appservice.domain.flags import updates
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, GroupId, Matter


def timer(group: GroupId, number: int) -> str:
    """Name the timer of a case."""
    return f"case {group} {number}"


def due(state: State, event: CaseDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again; of a case that was erased only its codes and moments are there."""
    group, case = state.groups.get(event.group), state.case(event.group, event.number)
    if group is None:
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    return kept(here, group, case, case) if case is not None else _stays(here, group, event)


def page_failed(state: State, event: PageFailed, cause: CauseId, now: datetime) -> Outcome:
    """Let the next rung be asked at once: nobody waits for somebody who was not reached."""
    if event.step == drill.STEP:
        return drill.failed(state, event)
    group, case = state.groups.get(event.group), state.case(event.group, event.number)
    if group is None or case is None or case.stage is not Stage.RECEIVED:
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    missed = (*case.missed, event.step)
    return kept(here, group, case, replace(case, missed=missed))


def kept(here: Turn, group: Group, before: Case | None, after: Case) -> Outcome:
    """Keep a case as it is now: take every step that is due, and set its timer."""
    case, out = after, NOTHING
    while steps := program.due_first(At(here, group, case)):
        step = steps[0]
        if here.now < step.at:
            break
        step_taken = step.act(At(here, group, replace(case, done=(*case.done, step.name))))
        case, out = step_taken.case, out + step_taken.out
    out += cared(here, before, case) + taken.told(here, group, before, case)
    out += updates.waits_again(here, group, before, case)
    if case.stage is Stage.ERASED:
        concern, gone = ending.remembered(group, case, here.now)
        return out + gone + _waking(group.id, case.number, ending.next_look(concern))
    out += Outcome(puts=(case,)) if case != before else NOTHING
    if (group.hushed is not None or group.bans) and case != before:  # a case may end both
        out += waking(group.id, Matter.CONDUCT, here.now)
    if not steps:
        return out + Outcome(effects=(Unwake(timer(group.id, case.number)),))
    return out + _waking(group.id, case.number, steps[0].at)


def as_kept(case: Case, out: Outcome) -> Case:
    """Return a case as an outcome keeps it: what was due may have changed it on the way."""
    puts = (put for put in reversed(out.puts) if isinstance(put, Case) and put.key == case.key)
    return next(puts, case)


def _stays(here: Turn, group: Group, event: CaseDue) -> Outcome:
    """Look at what stays of a case that was erased, until that goes too."""
    ours = (one for one in here.state.concerns if one.group == group.id)
    concern = next((one for one in ours if one.number == event.number), None)
    if concern is None:
        return NOTHING
    after, out = ending.looked_at(here, group, concern)
    if after is None:
        return out
    return out + _waking(group.id, event.number, ending.next_look(after))


def _waking(group: GroupId, number: int, at: datetime) -> Outcome:
    return Outcome(effects=(Wake(timer(group, number), at, CaseDue(group, number)),))
