"""appeal: asks for another pair of eyes on a warning, a pause, or the end of your place."""

from appservice.domain.conduct import appealing
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def appeal(turn: Turn, rest: str) -> Outcome | None:
    """Ask three questions, one by one."""
    return None if rest else appealing.begun(turn)
