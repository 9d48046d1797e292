"""!waitlist: puts somebody who waits on the list for a place."""

from appservice.domain.applicants import named
from appservice.domain.deciding import waitlisted
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def waitlist(turn: Turn, rest: str) -> Outcome:
    """Decide about the one whose number is named, unless somebody has decided already."""
    found = named(turn, rest)
    return found if isinstance(found, Outcome) else waitlisted(turn, *found)
