"""off: ends what I write to you unasked; what keeps you safe still comes."""

from appservice.domain.orientation import stopped
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def no_prompts(turn: Turn, rest: str) -> Outcome | None:
    """End all prompts at once."""
    return None if rest else stopped(turn)
