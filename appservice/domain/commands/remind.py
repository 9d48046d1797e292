"""!remind @NAME rule 3: recalls a rule to a member, in private."""

from appservice.domain.conduct.ladder import asked_for
from appservice.domain.conduct.standing import Rung
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def remind(turn: Turn, rest: str) -> Outcome:
    """Take the second step of the ladder."""
    return asked_for(turn, rest, Rung.REMINDER, "!remind")
