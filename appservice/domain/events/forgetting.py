"""What happens when somebody or something is to be forgotten, or taken out."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.types import GroupId, RoomId, UserId


@dataclass(frozen=True)
class ErasureAsked:
    """The operator asked that somebody be forgotten."""

    user: UserId


@dataclass(frozen=True)
class Parted:
    """Somebody who is to be forgotten is out of every room, and the keeper out of their chats."""

    user: UserId
    chats: tuple[RoomId, ...]


@dataclass(frozen=True)
class RetentionEnded:
    """The days are over for which the record of an ended membership is kept."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class SweepDue:
    """The next page of messages is to be taken out of a room."""

    group: GroupId
    room: RoomId
    whose: UserId | None


@dataclass(frozen=True)
class PageSwept:
    """A page of messages was taken out; `then`: where the next begins, empty at the end.

    `oldest`: when the oldest event of the page was sent.
    """

    group: GroupId
    room: RoomId
    whose: UserId | None
    then: str
    oldest: datetime | None


@dataclass(frozen=True)
class TakenOut:
    """A message was taken out on a facilitator's word; no `author`: it is not there (any more)."""

    group: GroupId
    room: RoomId
    author: UserId | None
    rule: int
    asked: RoomId


@dataclass(frozen=True)
class LifetimeDue:
    """A day has passed in a group whose messages have a lifetime."""

    group: GroupId
