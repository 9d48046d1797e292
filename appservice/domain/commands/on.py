"""!on: says that you are on duty again."""

from appservice.domain.duty import leaving
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def on(turn: Turn, rest: str) -> Outcome | None:
    """Keep it, for all groups of theirs."""
    return None if rest else leaving.on(turn)
