"""!accept: lets somebody in who waits; alone it takes the first on the list."""

from appservice.domain.applicants import named
from appservice.domain.deciding import accepted
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def accept(turn: Turn, rest: str) -> Outcome:
    """Decide about the one whose number is named, unless somebody has decided already."""
    found = named(turn, rest)
    return found if isinstance(found, Outcome) else accepted(turn, *found)
