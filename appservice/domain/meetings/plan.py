"""What a facilitator is about to change about a meeting, until they say yes to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from appservice.domain.meetings.meeting import Meeting
from appservice.domain.of_member import OfMember
from appservice.domain.types import GroupId, UserId, derive


@dataclass(frozen=True)
class Plan(OfMember):
    """A meeting as it is to be; several of them while it is open which one is meant."""

    user: UserId
    group: GroupId
    readings: tuple[Meeting, ...]
    befores: tuple[str, ...]  # `print_of` what each is to replace; empty: it is new
    asked: datetime
    kind: ClassVar[str] = "plan"


def print_of(meeting: Meeting) -> str:
    """Return a short mark of a meeting as it is: any change of it gives another one."""
    return derive("meeting", repr(meeting))
