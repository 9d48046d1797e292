"""pass: in a meeting, takes your hand down again."""

from appservice.domain.floor import speaking
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def let_pass(turn: Turn, rest: str) -> Outcome | None:
    """Take somebody out of the queue; when no meeting goes on it is a word like any other."""
    return None if rest else speaking.passed(turn)
