"""A break in the circle: for some minutes nobody but facilitators can write, and then all can.

Never while a case is red: whoever is in danger must be able to write, wherever that is.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.cases.case import Level
from appservice.domain.conduct.saying import to_those_in_charge
from appservice.domain.effects import SetPowers
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn
from appservice.domain.types import Matter, Moment, RoomKind, Text, Values

LEAST, MOST = 5, 120  # minutes


def is_red(state: State, group: Group) -> bool:
    """Say whether a case is red, or was raised as one and nobody has said otherwise."""
    return any(
        case.is_open and (case.level is Level.RED or (case.urgent and case.level is None))
        for case in state.cases or ()
        if case.group == group.id
    )


def begun(here: Turn, group: Group, minutes: int) -> tuple[Group, Outcome]:
    """Close writing in the circle for so long; the noticeboard says that help works as always."""
    until = here.now + timedelta(minutes=minutes)
    after = replace(group, hushed=until)
    out = _set(after) + waking(group.id, Matter.CONDUCT, here.now)
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    return after, out + notices((board,) if board else (), group, card(after))


def ended(here: Turn, group: Group, key: str) -> Outcome:
    """Let everybody write again."""
    after = replace(group, hushed=None)
    told = to_those_in_charge(here, group, Text(key, {"group": group.charter.name}))
    return _set(after) + told


def step(here: Turn, group: Group) -> Outcome | None:
    """End it when its time is over, or a case is red."""
    if group.hushed is None:
        return None
    if is_red(here.state, group):
        return ended(here, group, "hush-red-ended")
    return ended(here, group, "hush-over") if group.hushed <= here.now else None


def moments(here: Turn, group: Group) -> Iterable[datetime]:  # noqa: ARG001
    """Return when it ends."""
    return () if group.hushed is None else (group.hushed,)


def card(group: Group) -> Text:
    """Return words for everybody: that it is a break, until when, and how to get help."""
    until = Moment(group.hushed, group.charter.zone, short=True) if group.hushed else ""
    values: Values = {"group": group.charter.name, "time": until}
    return Text("hush-card", values)


def _set(group: Group) -> Outcome:
    return Outcome(puts=(group,), effects=(SetPowers(group.id, RoomKind.CIRCLE),))
