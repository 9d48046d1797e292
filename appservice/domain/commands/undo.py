"""!undo: stops what waits still, within ten seconds after the last yes."""

from appservice.domain.conduct.asking import undone
from appservice.domain.conduct.naming import on_motion
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def undo(turn: Turn, rest: str) -> Outcome:
    """Let it be; without a number the newest one is meant."""
    return on_motion(turn, rest, undone)
