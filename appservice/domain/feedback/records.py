"""What is kept of feedback: answers until they are counted, who wants none, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfGroup, OfMember
from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class Feedback(OfGroup):
    """What members think of one occurrence of a meeting, by question; they may still change it."""

    group: GroupId
    number: int  # of the meeting
    was: datetime  # wall time by the rule: RECURRENCE-ID
    ended: datetime
    closes: datetime
    answers: Mapping[UserId, Mapping[str, str]] = field(default_factory=dict)
    kind: ClassVar[str] = "feedback"

    @property
    def key(self) -> str:
        return f"{self.group} {self.about}"

    @property
    def about(self) -> str:
        """Name the occurrence, as questions about it do."""
        return f"{self.number} {self.was.isoformat()}"


@dataclass(frozen=True)
class NoFeedback(OfMember):
    """Somebody does not want to be asked after meetings."""

    user: UserId
    group: GroupId
    kind: ClassVar[str] = "no_feedback"


@dataclass(frozen=True)
class AfterMeetings(OfGroup):
    """Whether a group asks after its meetings."""

    group: GroupId
    off: bool = False
    kind: ClassVar[str] = "after_meetings"


@dataclass(frozen=True)
class Did(OfGroup):
    """Lines of facilitators: those that wait, and those that a small group is being told."""

    group: GroupId
    lines: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    told_at: datetime | None = None
    kind: ClassVar[str] = "did"
