"""check on me: in a meeting, asks a facilitator to look after you."""

from appservice.domain.floor import stepping_out
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def check_on_me(turn: Turn, rest: str) -> Outcome | None:
    """Pass the wish on to those on duty; what else somebody wrote does not go with it."""
    del rest  # a plea counts in however many words
    return stepping_out.check_on_me(turn)
