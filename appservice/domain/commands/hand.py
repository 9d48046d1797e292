"""hand: in a meeting, says that you would like to speak."""

from appservice.domain.floor import speaking
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def hand(turn: Turn, rest: str) -> Outcome | None:
    """Put somebody in the queue; when no meeting goes on it is a word like any other."""
    return None if rest else speaking.raised(turn)
