"""The web address at which somebody's calendar program fetches the meetings of a group."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfMember
from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class Feed(OfMember):
    """Who knows the address may read when the group meets; we keep only a keyed hash of it."""

    user: UserId
    group: GroupId
    address: str  # keyed hash of the secret part
    language: str  # of the title
    made: datetime
    kind: ClassVar[str] = "feed"

    @property
    def key(self) -> str:
        return self.address
