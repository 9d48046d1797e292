"""!off: says that you are off duty, like !off 2 weeks, or until you write !on."""

from appservice.domain.duty import leaving
from appservice.domain.facilitation import facilitated_here
from appservice.domain.outcome import Outcome
from appservice.domain.spans import span
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def off(turn: Turn, rest: str) -> Outcome:
    """Keep it, for all groups of theirs, until the moment that they name, if they name one."""
    if not rest:
        return leaving.off(turn, None)
    zones = [group.charter.zone for group in facilitated_here(turn)]
    until = span(rest, turn.state.words, turn.language, turn.now, *zones[:1])
    if until is None:
        return turn.refuse(Text("duty-form"))
    if until <= turn.now:
        return turn.refuse(Text("duty-past"))
    return leaving.off(turn, until)
