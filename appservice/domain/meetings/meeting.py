"""A meeting as iCalendar means it: a series with a rule, or a single one (RFC 5545, 3.6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from appservice.domain.agenda.items import Item
from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId


class PlaceKind(StrEnum):
    """Where people meet."""

    CIRCLE = "circle"  # in writing
    CALL = "call"  # Element Call in the circle
    JITSI = "jitsi"
    LINK = "link"
    ADDRESS = "address"  # a street and a house


@dataclass(frozen=True)
class Place:
    """Where people meet; `where` is a link, a room's name or an address, as its kind asks."""

    kind: PlaceKind = PlaceKind.CIRCLE
    where: str = ""


@dataclass(frozen=True)
class Moved:
    """One occurrence that takes place at another time than the rule says."""

    was: datetime  # wall time by the rule: RECURRENCE-ID
    to: datetime  # wall time
    minutes: int | None = None  # None: as long as the others


@dataclass(frozen=True)
class Meeting(OfGroup):
    """A series of meetings of a group, or a single one; numbered from 1 within the group.

    Every wall time is a naive datetime, meant in `zone`: an IANA name, never an offset.
    """

    group: GroupId
    number: int
    start: datetime  # wall time of the first: DTSTART
    zone: str
    minutes: int
    rule: str = ""  # RRULE without its name, UNTIL as a wall time; empty: it takes place once
    place: Place = Place()
    host: UserId | None = None
    cancelled: tuple[datetime, ...] = ()  # wall times by the rule: EXDATE
    moved: tuple[Moved, ...] = ()
    ladder: tuple[int, ...] = (1440, 60)  # minutes before the start at which it is recalled
    agenda: tuple[Item, ...] = ()  # as facilitators have made it; empty: the template
    sequence: int = 0  # rises with every change that a calendar must know: SEQUENCE
    made: datetime | None = None
    ended: datetime | None = None  # called off as a whole
    kind: ClassVar[str] = "meeting"

    @property
    def key(self) -> str:
        return f"{self.group} {self.number}"


@dataclass(frozen=True)
class Progress(OfGroup):
    """What has been done about one occurrence, and what members answered about it.

    What a member said stands under their name in a mapping, so that it goes with them.
    """

    group: GroupId
    number: int  # of the meeting
    was: datetime  # wall time by the rule: RECURRENCE-ID
    done: tuple[str, ...] = ()  # names of steps that were taken, or came too late
    coming: Mapping[UserId, str] = field(default_factory=dict)  # yes | maybe | no
    ticked: tuple[int, ...] = ()  # numbers of the run-through that are done
    kind: ClassVar[str] = "progress"

    @property
    def key(self) -> str:
        return f"{self.group} {self.number} {self.was.isoformat()}"
