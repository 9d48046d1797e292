"""What stands on the shelf of a group, and what members have suggested for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId

GOOD_FOR = timedelta(days=365)  # after somebody has looked at it


@dataclass(frozen=True)
class Entry:
    """A link as somebody writes it down."""

    title: str
    link: str  # https
    source: str = ""  # who says so
    note: str = ""
    medical: bool = False  # it says something medical


@dataclass(frozen=True)
class Resource:
    """A link on the shelf; the number is given once in a group."""

    number: int
    entry: Entry
    reviewed: datetime
    expires: datetime
    told: str = ""  # what facilitators were told of it: soon | over


@dataclass(frozen=True)
class Suggestion:
    """A link that a member suggests; it is numbered as those on the shelf."""

    number: int
    entry: Entry


@dataclass(frozen=True)
class Shelf(OfGroup):
    """All links of a group, those that are out of date too."""

    group: GroupId
    resources: tuple[Resource, ...] = ()
    suggested: Mapping[UserId, tuple[Suggestion, ...]] = field(default_factory=dict)
    last: int = 0  # the last number that was given
    kind: ClassVar[str] = "shelf"

    def current(self, now: datetime) -> tuple[Resource, ...]:
        """Return what may be shown to members."""
        return tuple(one for one in self.resources if now < one.expires)
