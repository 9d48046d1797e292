"""!done: ticks points of the run-through, by number; without one it shows the list."""

from appservice.domain.agenda.nearest import nearest
from appservice.domain.agenda.run_through import EARLIEST, Stage, list_of, points, ticked
from appservice.domain.facilitation import facilitated_first, named_here
from appservice.domain.meetings.kept import progress_of
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def run_through(turn: Turn, rest: str) -> Outcome:
    """Keep what is done until the meeting is over; only its host has the list, if it has one."""
    found = facilitated_first(turn, rest, named_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    occurrence = nearest(turn.state, group.id, turn.now)
    if occurrence is None or occurrence.starts - EARLIEST > turn.now:
        return turn.refuse(Text("run-none"), group=group)
    host = occurrence.meeting.host
    if host not in (None, turn.user) and host in group.charter.named:
        return turn.refuse(Text("run-host"), group=group)
    progress = progress_of(turn.state, occurrence)
    words, last = rest.replace(",", " ").split(), len(points(occurrence))
    numbers = {int(word) for word in words if word.isdecimal()}
    if any(not word.isdecimal() for word in words) or not numbers <= set(range(1, last + 1)):
        return turn.refuse(Text("run-numbers-how", {"last": last}), group=group)
    kept = ticked(progress, numbers)
    said = Reply("runthrough", (list_of(occurrence, kept, *Stage),), group=group.charter.name)
    return (Outcome(puts=(kept,)) if kept != progress else Outcome()) + turn.answer(said)
