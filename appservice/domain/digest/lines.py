"""What a digest tells of a group; one line for each part of the house that has something."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeAlias

from appservice.domain.group import Group
from appservice.domain.meetings.kept import near
from appservice.domain.polls import course
from appservice.domain.prompts import zone_of
from appservice.domain.shelf.keeping import shelf_of
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
    zone = zone_of(turn.person, group)
    for one in near(turn.state, group.id, turn.now, turn.now + WEEK):
        yield Text("digest-meeting", {"when": Moment(one.starts, zone)})


def polls(turn: Turn, group: Group) -> Iterable[Text]:
    """Name the close of each vote that is open, and nothing that anybody wrote."""
    zone = zone_of(turn.person, group)
    for one in course.of_group(turn.state, group.id):
        if one.is_open(turn.now) and one.closes is not None:
            yield Text("digest-poll", {"when": Moment(one.closes, zone)})


def shelf(turn: Turn, group: Group) -> Iterable[Text]:
    """Say that there are links that somebody has looked at in the week that is over."""
    links = shelf_of(turn.state, group.id).current(turn.now)
    if any(turn.now - link.reviewed < WEEK for link in links):
        yield Text("digest-shelf")


PARTS: tuple[Part, ...] = (meetings, polls, shelf)
