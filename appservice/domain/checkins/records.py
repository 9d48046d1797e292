"""What is kept of check-ins: a member's wish, and a group's answers until they are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfGroup, OfMember
from appservice.domain.own_times import OwnTime
from appservice.domain.types import GroupId, UserId


@dataclass(frozen=True)
class CheckIn(OfMember):
    """A member's wish to be asked; of what they answer nothing stands here."""

    user: UserId
    group: GroupId
    time: OwnTime
    form: str = ""  # one of forms.FORMS; empty: the group's
    snoozed: datetime | None = None  # they are not asked before
    asked: datetime | None = None  # wall time of the newest that was said, or let go
    kind: ClassVar[str] = "check_in"


@dataclass(frozen=True)
class Said:
    """An answer: in which form, and which of its choices."""

    form: str
    choice: str


@dataclass(frozen=True)
class CheckIns(OfGroup):
    """A group's check-ins: how it asks, and the answers until they are counted and discarded."""

    group: GroupId
    form: str = "weather"
    question: str = ""  # the group's own
    options: tuple[str, ...] = ()  # its answers
    on_board: bool = False  # everybody reads the totals too
    closes: datetime | None = None  # when the answers are counted; None: there are none
    answers: Mapping[UserId, Said] = field(default_factory=dict)
    kind: ClassVar[str] = "check_ins"
