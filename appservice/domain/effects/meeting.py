"""What a meeting needs of the outside: calendars and video."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.effects.saying import Message
from appservice.domain.types import GroupId, RoomId, UserId


@dataclass(frozen=True)
class DrawFeed:
    """Draw a web address for a calendar, by the name of this effect; yields FeedDrawn."""

    room: RoomId
    user: UserId
    group: GroupId


@dataclass(frozen=True)
class Publish:
    """Bring a meeting to the calendar of its facilitators as it is then, or take it away there.

    Yields OutsideFailed once where that does not go at once.
    """

    group: GroupId
    name: str  # the group's visible one
    number: int


@dataclass(frozen=True)
class CheckVideo:
    """Look whether the video server answers; yields OutsideFailed if it does not."""

    group: GroupId
    number: int
    was: datetime  # the occurrence, by its wall time by the rule


@dataclass(frozen=True)
class Visit:
    """Somebody goes to an occurrence of a meeting; who they are, no video server need know."""

    group: GroupId
    number: int
    was: datetime
    host: bool = False


@dataclass(frozen=True)
class ShowPlace:
    """Say `message` and below it a link for one person, which is made at that moment."""

    room: RoomId
    message: Message
    visit: Visit
