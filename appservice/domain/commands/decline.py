"""!decline: tells somebody kindly that they cannot come in."""

from appservice.domain.applicants import named
from appservice.domain.deciding import declined
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def decline(turn: Turn, rest: str) -> Outcome:
    """Decide about the one whose number is named, unless somebody has decided already."""
    found = named(turn, rest)
    return found if isinstance(found, Outcome) else declined(turn, *found)
