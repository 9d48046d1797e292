"""Questions to a group that wait for a facilitator's word; what they say is kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from appservice.domain.application import EventIn
from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class Pending:
    """Where a question stands; `lead`: so many words before it are the command's."""

    number: int
    place: EventIn
    lead: int
    asked: datetime


@dataclass(frozen=True)
class Questions(OfGroup):
    """The questions of a group that wait, one of each member at most.

    Who asks must be known to find their message, and is told to nobody; the entry goes when it is
    decided.
    """

    group: GroupId
    last: int = 0  # the newest number
    waiting: Mapping[UserId, Pending] = field(default_factory=dict)
    kind: ClassVar[str] = "questions"
