"""A small group grows into the full form: a noticeboard, a facilitators' room, the whole plan."""

from dataclasses import replace

from appservice.domain import founding
from appservice.domain.drafting.fields import open_fields
from appservice.domain.drafting.talk import ask
from appservice.domain.effects import MakeRoom
from appservice.domain.group import Draft, Group
from appservice.domain.group_life.words import in_private
from appservice.domain.membership import facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import RoomKind, Size, Text

ROOMS = (RoomKind.NOTICEBOARD, RoomKind.FACILITATORS)


def as_standard(group: Group) -> Group:
    """Return the group in its full form; whoever facilitates it now goes on doing so."""
    charter = group.charter
    named = facilitators(charter)
    return replace(group, charter=replace(charter, size=Size.STANDARD, facilitators=named))


def faults(turn: Turn, group: Group) -> tuple[Text, ...]:
    """Return what keeps a group from growing, beside answers that the talk asks for."""
    house = turn.state.house
    if open_fields(as_standard(group).charter, house):
        return ()
    return founding.faults(as_standard(group).charter, house.known, force_name=True)


def grown(turn: Turn, group: Group) -> Outcome:
    """Make the rooms and tell everybody; before that, ask for what the full plan lacks."""
    after = as_standard(group)
    if missing := open_fields(after.charter, turn.state.house):
        asked = replace(group, draft=Draft(missing))
        return ask(turn, asked, 0, Text("grow-first", {"count": len(missing)}))
    after = replace(after, draft=None)
    made = tuple(MakeRoom(group.id, what, after.charter, group.muted) for what in ROOMS)
    told = in_private(turn, after, Text("grown-members", {"group": group.charter.name}))
    said = notice(Text("grown", {"group": group.charter.name}), group=group.charter.name)
    return Outcome(puts=(after,), effects=made) + told + turn.answer(said)
