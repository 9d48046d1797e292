"""Has every case that waits looked at again: hours or a promise have changed, and so its times."""

from appservice.domain.cases.case import Stage
from appservice.domain.cases.clock import timer
from appservice.domain.effects import Wake
from appservice.domain.events import CaseDue
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId


def looked_at(here: Turn, group: GroupId) -> Outcome:
    """Let the clock of each be asked at once, one after the other."""
    cases = (case for case in here.state.cases or () if case.group == group)
    numbers = (case.number for case in cases if case.stage is Stage.RECEIVED)
    wakes = (Wake(timer(group, n), here.now, CaseDue(group, n)) for n in numbers)
    return Outcome(effects=tuple(wakes))
