"""A line for the facilitators, from nobody in particular."""

from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text
from appservice.domain.unsigned.written import Written, quoted


def sent(turn: Turn, group: Group, written: Written) -> Outcome:
    """Pass it on at once; nothing of it is kept."""
    places = places_of_facilitators(turn.state, group)
    name = group.charter.name
    if not places:
        return turn.answer(notice(Text("line-nobody"), group=name))
    said = quoted(places, group, written, Text("line-label"))
    return said + turn.answer(notice(Text("line-sent"), group=name))
