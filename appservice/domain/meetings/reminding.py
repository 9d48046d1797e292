"""What somebody wants of reminders in a group, and which they had."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfMember
from appservice.domain.types import GroupId, UserId

REMEMBERED = 12


@dataclass(frozen=True)
class Reminding(OfMember):
    """Somebody's own choice about reminders of a group's meetings, and which have come."""

    user: UserId
    group: GroupId
    wanted: bool | None = None  # None: as is usual in a group of this size
    ladder: tuple[int, ...] = ()  # minutes before; empty: as each meeting has it
    told: tuple[str, ...] = ()  # reminders that have come, newest last
    missed: datetime | None = None  # when a note about a meeting that was missed came
    kind: ClassVar[str] = "reminding"

    def having(self, about: str) -> "Reminding":
        """Keep that a reminder has come."""
        return replace(self, told=(*self.told, about)[-REMEMBERED:])
