"""!cases: lists the open cases that you may know of, without what was said."""

from appservice.domain.cases.showing import listed
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def cases(turn: Turn, _: str) -> Outcome:
    """List numbers, levels, states, since when, and who has each."""
    return listed(turn)
