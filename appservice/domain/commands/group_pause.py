"""!pause @NAME 7 days rule 3: lets a member only read for some days."""

from appservice.domain.conduct.ladder import asked_for
from appservice.domain.conduct.standing import Rung
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def group_pause(turn: Turn, rest: str) -> Outcome:
    """Take the fifth step of the ladder; it ends by itself."""
    return asked_for(turn, rest, Rung.PAUSE, "!pause")
