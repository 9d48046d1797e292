"""!next: gives the word to whoever is first in the queue, and tells them."""

from appservice.domain.floor import leading
from appservice.domain.floor.kept import led
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def call_next(turn: Turn, rest: str) -> Outcome | None:
    """Call the next one; those who lead are shown who it is."""
    found = led(turn, rest)
    if isinstance(found, Outcome):
        return found
    group, occurrence, _ = found
    return leading.called(turn, group, occurrence)
