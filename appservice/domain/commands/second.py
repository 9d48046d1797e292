"""!second 3: agrees, as a second person, to what one of you has asked for."""

from appservice.domain.conduct.asking import seconded
from appservice.domain.conduct.naming import on_motion
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def second(turn: Turn, rest: str) -> Outcome:
    """Take the second word, once."""
    return on_motion(turn, rest, seconded)
