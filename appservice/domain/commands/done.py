"""done: in a meeting, says that you have spoken."""

from appservice.domain.floor import speaking
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def done(turn: Turn, rest: str) -> Outcome | None:
    """Count a turn; when no meeting goes on it is a word like any other."""
    return None if rest else speaking.spoken(turn)
