"""!talk @NAME rule 3: keeps that one of you talks with a member about a rule."""

from appservice.domain.conduct.ladder import asked_for
from appservice.domain.conduct.standing import Rung
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def talk(turn: Turn, rest: str) -> Outcome:
    """Take the first step of the ladder; the member hears that somebody will write to them."""
    return asked_for(turn, rest, Rung.TALK, "!talk")
