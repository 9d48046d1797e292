"""Somebody's wish for a weekly digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfMember
from appservice.domain.own_times import OwnTime
from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class Digest(OfMember):
    """A member's wish for a weekly digest of a group; those of several come as one message."""

    user: UserId
    group: GroupId
    time: OwnTime
    said: datetime | None = None  # wall time of the newest that was said, or let go
    kind: ClassVar[str] = "digest"
