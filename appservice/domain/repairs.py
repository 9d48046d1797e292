"""State of rooms that was changed behind our back, set to what it should be."""

from appservice.domain.effects import Effect, Repair, TellOperator, Unlist
from appservice.domain.events import GroupInspected, RoomFacts
from appservice.domain.group import Group
from appservice.domain.group_life.upgraded import is_over
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.rooms import differs, expected_state
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import Text

_QUIET = frozenset({"m.room.name", "m.room.topic"})  # mended without a word to facilitators


def repaired(state: State, group: Group, event: GroupInspected) -> Outcome:
    """Mend powers, join rules, history, guests, encryption, name, topic and listing; report it."""
    effects: list[Effect] = []
    types: list[str] = []
    for facts in event.rooms:
        found = _faults(state, group, facts)
        types += [effect.type for effect in found]
        effects += found
        if facts.listed:
            effects.append(Unlist(facts.room))
            types.append("listing")
    if not effects:
        return NOTHING
    counts = {kind: str(types.count(kind)) for kind in sorted(set(types))}
    effects.append(TellOperator(Text("operator-repaired"), {"group": group.id, **counts}))
    return Outcome(effects=tuple(effects)) + _told(state, group, set(types) - _QUIET)


def _faults(state: State, group: Group, facts: RoomFacts) -> list[Repair]:
    if is_over(facts):
        return []
    created = facts.state.get("m.room.create", {})
    version = str(created.get("room_version", "1"))
    muted = () if facts.room in group.side else group.muted  # who is paused may be talked with
    expected = expected_state(
        facts.what,
        group.charter,
        state.house,
        version,
        muted,
        hushed=group.hushed is not None,
    )
    return [
        Repair(facts.room, kind, content)
        for kind, content in expected.items()
        if differs(kind, facts.state.get(kind), content)
    ]


def _told(state: State, group: Group, types: set[str]) -> Outcome:
    places = places_of_facilitators(state, group)
    told = Outcome()
    if "m.room.encryption" in types:
        told += notices(places, group, Text("repaired-encryption"))
    if types - {"m.room.encryption"}:
        told += notices(places, group, Text("repaired"))
    return told
