"""!applicants: shows who waits to come in; with a number, what they answered."""

from appservice.domain.applicants import listed, named, shown
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def applicants(turn: Turn, rest: str) -> Outcome:
    """List everybody who waits, or quote the answers of one."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, number = found
    if not number:
        return turn.answer(notice(listed(turn.state, group), group=group.charter.name))
    one = named(turn, rest)
    return one if isinstance(one, Outcome) else shown(turn, *one)
