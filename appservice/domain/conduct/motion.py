"""What a facilitator wants to do, from their word until it is done, undone, or over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import EventId, GroupId, RoomId, UserId

REDACT, REDACT_ALL = "redact", "redact_all"  # beside the steps of the ladder
UNDO = timedelta(seconds=10)
SHOWN_FOR = timedelta(hours=1)  # it waits for the yes of whoever asked
WAITS = timedelta(hours=24)  # for a second person
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Motion:
    """It acts at `acts`, once it has every word that it needs."""

    number: int
    what: str  # a Rung, REDACT or REDACT_ALL
    user: UserId  # about whom; empty: of a message, whose author is not known before
    by: UserId
    room: RoomId  # where they said it
    asked: datetime
    rule: int = 0  # 0: none was named
    days: int = 0  # of a pause
    since: datetime | None = None  # of REDACT_ALL
    place: tuple[RoomId, EventId] | None = None  # of REDACT
    serious: bool = False
    known: int = 0  # the newest measure about them, when it was asked for
    alone: bool = True  # one person is enough, as far as was known when it was asked for
    confirmed: datetime | None = None
    second: UserId | None = None
    acts: datetime | None = None

    @property
    def lapses(self) -> datetime:
        """Return until when it waits for the next word."""
        if self.confirmed is None:
            return self.asked + SHOWN_FOR
        return self.confirmed + WAITS

    @property
    def is_nameless(self) -> bool:
        """Say whether somebody in it was forgotten."""
        return not self.by or (not self.user and self.place is None)


@dataclass(frozen=True)
class Motions(OfGroup):
    """What waits in a group, and what its next step is numbered after."""

    group: GroupId
    last: int = 0  # number of a motion; a measure keeps it
    waiting: tuple[Motion, ...] = ()
    removals: tuple[datetime, ...] = ()  # of the last day
    kind: ClassVar[str] = "motions"
