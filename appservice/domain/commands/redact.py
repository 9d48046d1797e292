"""redact my messages: takes what you wrote out of your groups' rooms."""

from appservice.domain import sweeping
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def redact(turn: Turn, rest: str) -> Outcome | None:
    """Ask once; the answer begins it."""
    return None if rest else sweeping.ask(turn)
