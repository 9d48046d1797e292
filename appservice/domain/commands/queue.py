"""!queue: shows who speaks in the meeting, and who would like to."""

from appservice.domain.floor.kept import kept, led, said
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice


def queue(turn: Turn, rest: str) -> Outcome | None:
    """Show it to whoever leads a meeting that goes on now."""
    found = led(turn, rest)
    if isinstance(found, Outcome):
        return found
    group, occurrence, _ = found
    line = said(kept(turn.state, occurrence))
    return turn.answer(notice(line, group=group.charter.name))
