"""!yes 3: says yes to what you asked for and I have shown you."""

from appservice.domain.conduct.asking import confirmed
from appservice.domain.conduct.naming import on_motion
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def yes(turn: Turn, rest: str) -> Outcome:
    """Let it act in ten seconds, or ask a second person."""
    return on_motion(turn, rest, confirmed)
