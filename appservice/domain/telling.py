"""Notices to people who did not ask: facilitators, noticeboards, private chats."""

from collections.abc import Callable, Iterable

from appservice.domain.effects import Message, Say
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.types import RoomId, Text


def notices_to_groups(
    groups: Iterable[Group], places: Callable[[Group], Iterable[RoomId]], *lines: Text
) -> Outcome:
    """Say the same to several groups; who is reached in one is not told again in another."""
    told = Outcome()
    reached: set[RoomId] = set()
    for group in groups:
        new = [place for place in places(group) if place not in reached]
        reached.update(new)
        told += notices(new, group, *lines)
    return told


def notices(places: Iterable[RoomId], group: Group, *lines: Text, kind: str = "notice") -> Outcome:
    """Say the same in several places, in the group's language, to cross-signed devices only."""
    message = Message(
        kind=kind,
        lines=lines,
        language=group.charter.language,
        parts=(kind,),
        group=group.charter.name,
    )
    return Outcome(effects=tuple(Say(place, message) for place in places))
