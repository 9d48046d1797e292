"""!swap: asks somebody to take your next hours of a day, like !swap mon @ben:example.org."""

from appservice.domain.duty import swapping
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def swap(turn: Turn, rest: str) -> Outcome:
    """Ask them in their private chat; nothing is swapped before they say yes."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    return swapping.asked_for(turn, *found)
