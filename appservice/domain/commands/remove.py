"""!remove @NAME rule 3: ends a member's place, the last step of all."""

from appservice.domain.conduct.ladder import asked_for
from appservice.domain.conduct.standing import Rung
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def remove(turn: Turn, rest: str) -> Outcome:
    """Take the last step of the ladder."""
    return asked_for(turn, rest, Rung.REMOVAL, "!remove")
