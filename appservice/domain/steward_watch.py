"""Marks on the steward: a device, or another identity; told once, to everybody concerned."""

from datetime import datetime

from appservice.domain.effects import TellOperator
from appservice.domain.events import StewardInspected
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Mark
from appservice.domain.state import State
from appservice.domain.telling import notices_to_groups
from appservice.domain.types import RoomId, RoomKind, Size, Text


def inspected(state: State, event: StewardInspected, now: datetime) -> Outcome:
    """Tell every group of new marks. Nothing is removed, so that everybody can look."""
    found = _found(state, event)
    known = {mark.what for mark in state.marks}
    new = [(what, text) for what, text in found if what not in known]
    gone = tuple(mark for mark in state.marks if mark.what not in {what for what, _ in found})
    if not new and not gone:
        return NOTHING
    told = Outcome(puts=tuple(Mark(what, now) for what, _ in new), drops=gone)
    if new:
        facts = {f"mark {number}": what for number, (what, _) in enumerate(new, start=1)}
        told += Outcome(effects=(TellOperator(Text("operator-steward-marked"), facts),))
        lines = (*(text for _, text in new), Text("mark-means"), Text("mark-what-to-do"))
        return told + _to_all(state, event, lines)
    if found:
        return told
    return told + _to_all(state, event, (Text("mark-gone", {"steward": state.house.steward}),))


def _to_all(state: State, event: StewardInspected, lines: tuple[Text, ...]) -> Outcome:
    known = (state.groups[group] for group in event.groups if group in state.groups)
    groups = [group for group in known if group.stage != "closed" and group.session is None]
    return notices_to_groups(groups, lambda group: _places(state, group), *lines)


def _found(state: State, event: StewardInspected) -> list[tuple[str, Text]]:
    steward = state.house.steward
    found = [
        (f"device {device}", Text("mark-device", {"steward": steward, "device": device}))
        for device in event.devices
    ]
    if event.master_key is None:
        found.append(("identity missing", Text("mark-identity-missing", {"steward": steward})))
    elif event.master_key != event.published:
        what = f"identity {event.master_key}"
        found.append((what, Text("mark-identity", {"steward": steward})))
    return found


def _places(state: State, group: Group) -> tuple[RoomId, ...]:
    if group.charter.size is Size.SMALL:
        return chats_of(state, (consent.user for consent in current(state.consents, group)))
    kinds = (RoomKind.NOTICEBOARD, RoomKind.FACILITATORS)
    return tuple(group.rooms[kind] for kind in kinds if kind in group.rooms)
