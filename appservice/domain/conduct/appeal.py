"""Somebody sees a decision about them otherwise, and asks for another pair of eyes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from appservice.domain.application import EventIn
from appservice.domain.of_member import OfMember
from appservice.domain.types import GroupId, UserId

OPEN_FOR = timedelta(days=20)  # after a decision
DECIDED_IN = timedelta(days=7)
QUESTIONS = 3


@dataclass(frozen=True)
class Appeal(OfMember):
    """What was answered stands in the private chat and only there; it is quoted to who decides."""

    user: UserId
    group: GroupId
    number: int  # of the measure
    begun: datetime
    answers: tuple[EventIn, ...] = ()
    sent: datetime | None = None
    told: tuple[str, ...] = ()  # what was said about it: asked, reminded_1, ...
    kind: ClassVar[str] = "appeal"

    @property
    def due(self) -> datetime | None:
        """Return by when it is to be decided."""
        return None if self.sent is None else self.sent + DECIDED_IN
