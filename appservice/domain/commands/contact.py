"""contact: asks a facilitator of your group to write to you."""

from appservice.domain.contact import asked_for
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def contact(turn: Turn, rest: str) -> Outcome | None:
    """Pass the wish on; nothing of what was said goes with it."""
    return None if rest else asked_for(turn)
