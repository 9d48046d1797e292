"""A room of ours that somebody with power over the server has ended by "upgrading" it.

What they made in its place is not ours: who comes in there passes no gate. So we make a room of
our own, invite everybody with a consent, and empty the old one.
"""

from dataclasses import replace

from appservice.domain.effects import EmptyRoom, MakeRoom, TellOperator
from appservice.domain.events import GroupInspected, RoomFacts, RoomMade
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, current, facilitating
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import RoomKind, Text

TOMBSTONE = "m.room.tombstone"


def is_over(facts: RoomFacts) -> bool:
    """Say whether a room was ended; a tombstone whose content was taken away ends nothing."""
    return bool(facts.state.get(TOMBSTONE))


def noticed(state: State, group: Group, event: GroupInspected) -> tuple[Group, Outcome]:
    """Return the group with the rooms that are over, and what makes others in their place."""
    new = [f for f in event.rooms if is_over(f) and f.room not in group.replaced]
    if not new:
        return group, NOTHING
    kept = replace(group, replaced=(*group.replaced, *(facts.room for facts in new)))
    made = tuple(
        MakeRoom(group.id, facts.what, group.charter, group.muted, instead_of=facts.room)
        for facts in new
    )
    told = TellOperator(Text("operator-room-upgraded"), {"group": group.id})
    chats = chats_of(state, facilitating(state, group))
    line = Text("room-upgraded", {"group": group.charter.name, "steward": state.house.steward})
    out = Outcome(puts=(kept,), effects=(*made, told))
    return kept, out + notices(chats, group, line)


def moved(state: State, group: Group, event: RoomMade) -> Outcome:
    """Another room stands in the place of one that is over: empty that, and tell its members."""
    old = group.rooms.get(event.what)
    if old is None:
        return NOTHING
    emptied = Outcome(effects=(EmptyRoom(group.id, old),))
    if event.what is not RoomKind.CIRCLE:
        return emptied
    chats = chats_of(state, (consent.user for consent in current(state.consents, group)))
    line = Text("room-moved", {"group": group.charter.name, "steward": state.house.steward})
    return emptied + notices(chats, group, line)
