"""What a digest tells of a group; one line for each part of the house that has something."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeAlias

from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.recurrence import between
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Turn
from appservice.domain.types import Moment, Text

WEEK = timedelta(days=7)

Part: TypeAlias = Callable[[Turn, Group], Iterable[Text]]
"""Yields lines about a group for the member whose turn it is; none: there is nothing to tell."""


def lines(turn: Turn, group: Group) -> tuple[Text, ...]:
    """Return all of them."""
    return tuple(line for part in PARTS for line in part(turn, group))


def meetings(turn: Turn, group: Group) -> Iterable[Text]:
    """Name the meetings of the coming week, on the member's own clock."""
    own = [one for one in turn.state.of(Meeting) if one.group == group.id]
    found = [one for meeting in own for one in between(meeting, turn.now, turn.now + WEEK)]
    zone = zone_of(turn.person, group)
    for one in sorted(found, key=lambda one: one.starts):
        yield Text("digest-meeting", {"when": Moment(one.starts, zone)})


PARTS: tuple[Part, ...] = (meetings,)
