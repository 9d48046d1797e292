"""!warn @NAME rule 3: gives a member the first or second warning, in private."""

from appservice.domain.conduct.ladder import asked_for
from appservice.domain.conduct.standing import Rung
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def warn(turn: Turn, rest: str) -> Outcome:
    """Take the third or the fourth step of the ladder."""
    return asked_for(turn, rest, Rung.FIRST, "!warn")
