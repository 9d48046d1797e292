"""step out: in a meeting, lets you leave for a while and choose what others are told."""

from appservice.domain.floor import stepping_out
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn

MORE_WORDS = 3  # such as: for a moment


def step_out(turn: Turn, rest: str) -> Outcome | None:
    """Ask what those who lead are to know; None where it is part of a longer sentence."""
    return None if len(rest.split()) > MORE_WORDS else stepping_out.asked(turn)
