"""Who would like to speak in a meeting, who speaks, and how often each has: a fair queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, TypeVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId

V = TypeVar("V")


@dataclass(frozen=True)
class Floor(OfGroup):
    """Kept while a meeting goes on, and forgotten a quarter of an hour after its end.

    All that somebody did stands under their name, so that it goes with them.
    """

    group: GroupId
    number: int  # of the meeting
    was: datetime  # wall time by the rule, as of Progress
    until: datetime  # then it is forgotten
    hands: Mapping[UserId, datetime] = field(default_factory=dict)  # since when
    turns: Mapping[UserId, int] = field(default_factory=dict)  # how often each has spoken
    speaking: Mapping[UserId, datetime] = field(default_factory=dict)  # one at most, since when
    welcomed: Mapping[UserId, bool] = field(default_factory=dict)  # who was given the card
    minutes: int = 0  # after which a speaker is told kindly; 0: never
    kind: ClassVar[str] = "floor"

    @property
    def key(self) -> str:
        return f"{self.group} {self.number} {self.was.isoformat()}"


def queue(floor: Floor) -> tuple[UserId, ...]:
    """Return who waits, in order: fewest turns first, then first come."""
    order = sorted(
        floor.hands, key=lambda user: (floor.turns.get(user, 0), floor.hands[user])
    )  # who came in the same second stays in the order in which they wrote
    return tuple(order)


def raised(floor: Floor, user: UserId, now: datetime) -> Floor:
    """Let somebody wait for their turn; who waits or speaks already stays where they are."""
    if user in floor.hands or user in floor.speaking:
        return floor
    return replace(floor, hands={**floor.hands, user: now})


def called(floor: Floor, now: datetime) -> Floor:
    """Give the word to whoever is first; whoever spoke has had a turn."""
    waiting = queue(floor)
    for user in floor.speaking:
        floor = spoken(floor, user)
    if not waiting:
        return floor
    first = waiting[0]
    return replace(floor, hands=_without(floor.hands, first), speaking={first: now})


def spoken(floor: Floor, user: UserId) -> Floor:
    """Count a turn of somebody's, whether the host had called them or not."""
    turns = {**floor.turns, user: floor.turns.get(user, 0) + 1}
    return replace(passed(floor, user), turns=turns)


def passed(floor: Floor, user: UserId) -> Floor:
    """Let somebody wait and speak no more, and count nothing."""
    return replace(
        floor, hands=_without(floor.hands, user), speaking=_without(floor.speaking, user)
    )


def speaker(floor: Floor) -> UserId | None:
    """Return who speaks."""
    return next(iter(floor.speaking), None)


def _without(mapping: Mapping[UserId, V], user: UserId) -> Mapping[UserId, V]:
    return {key: value for key, value in mapping.items() if key != user}
