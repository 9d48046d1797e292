"""A theme to talk about, and what a group has made of the library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import ClassVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class Theme:
    """A theme in one language; its number is its place in the library, those of a group follow."""

    number: int
    id: str
    title: str
    ask: str = ""  # a question to begin with; those of a group have none
    months: tuple[int, ...] = ()  # only in these, from 1; empty: always
    weather: bool = False  # the months are those of a season in the north
    aftercare: str = ""  # of a sensitive one: what does good after it


Library = Mapping[str, tuple[Theme, ...]]
"""The themes that come with the program, by language; in each the same ones."""


@dataclass(frozen=True)
class OwnTheme:
    """A theme that facilitators or members wrote themselves."""

    number: int
    title: str


@dataclass(frozen=True)
class Rotation:
    """That a theme is posted each week; `at` is on the clocks of the group's zone."""

    day: int  # of the week: 0 is Monday
    at: time
    next: datetime  # in UTC


@dataclass(frozen=True)
class Themes(OfGroup):
    """What a group has used, added and left out of the library, and when the next one comes."""

    group: GroupId
    own: tuple[OwnTheme, ...] = ()
    suggested: Mapping[UserId, tuple[OwnTheme, ...]] = field(default_factory=dict)
    last: int = 100  # the last number that was given to one of their own
    used: Mapping[str, datetime] = field(default_factory=dict)  # id -> used on
    current: str = ""  # id of the newest one that was posted
    dropped: tuple[str, ...] = ()  # ids of the library's that the group does without
    rotation: Rotation | None = None
    paused: datetime | None = None  # nothing is posted by the clock until then
    kind: ClassVar[str] = "themes"
