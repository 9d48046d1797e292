"""on: lets me write to you unasked again, after off or snooze."""

from dataclasses import replace

from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def prompts_on(turn: Turn, rest: str) -> Outcome | None:
    """Bring back what `off` and `snooze` have ended; tips that were ended stay so."""
    if rest:
        return None
    person = replace(turn.person, prompts_off=False, snoozed=None)
    return replace(turn, person=person).answer(notice(Text("prompts-on")))
