"""What happens in the rhythm of a group: meetings, prompts, calendars."""

from dataclasses import dataclass, field
from datetime import datetime

from appservice.domain.types import GroupId, Prompt, RoomId, UserId


@dataclass(frozen=True)
class MeetingDue:
    """Something about an occurrence of a meeting is to be looked at."""

    group: GroupId
    number: int


@dataclass(frozen=True)
class PromptDue:
    """It is time to write to somebody unasked, if that still fits.

    `about`: what it is about, in the words of whoever asked for it.
    """

    user: UserId
    group: GroupId
    what: Prompt
    about: str = ""


@dataclass(frozen=True)
class FeedDrawn:
    """A web address for somebody's calendar program was drawn: its secret part, and the hash."""

    group: GroupId
    room: RoomId
    user: UserId
    secret: str = field(repr=False)
    kept: str


@dataclass(frozen=True)
class OutsideFailed:
    """Something outside that a meeting uses did not answer, or refused us.

    `was`: the occurrence, by its wall time by the rule; None: the meeting as a whole.
    """

    group: GroupId
    number: int
    what: str  # "calendar" | "video"
    was: datetime | None = None
