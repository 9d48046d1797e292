"""What is to be forgotten, or taken out."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.types import EventId, GroupId, RoomId, UserId


@dataclass(frozen=True)
class TakeOut:
    """Redact one message of a room of a group, as the steward; yields TakenOut.

    `rule`: the number of the rule that it is about, 0 for none. `asked`: where it was asked for.
    """

    group: GroupId
    room: RoomId
    event: EventId
    rule: int
    asked: RoomId


@dataclass(frozen=True)
class PartWith:
    """See to it that somebody is out of rooms, and leave their chats as the keeper; yields Parted.

    `chat`: where the last word was said before it; empty if there is none.
    """

    user: UserId
    chat: RoomId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class EraseKeys:
    """Erase the keys of somebody's devices and of what they said; begin anew in these rooms."""

    user: UserId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class SweepPage:
    """Take a page of messages out of a room, as the steward; yields PageSwept.

    `whose`: their own; None: everybody's sent before `before`. `start`: where the page begins.
    """

    group: GroupId
    room: RoomId
    whose: UserId | None
    before: datetime | None
    start: str
    since: datetime | None = None  # what was sent before that is let be
