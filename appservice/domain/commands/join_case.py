"""!join: makes you the second person for a colleague's case: !join 12."""

from appservice.domain.cases.seconding import joined
from appservice.domain.commands.case import meant
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def join_case(turn: Turn, rest: str) -> Outcome:
    """Be the second person, in a room for the two."""
    found = meant(turn, rest)
    return found if isinstance(found, Outcome) else joined(found[0])
