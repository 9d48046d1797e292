"""What is kept about who is there when: slots of a week, swapped days, answered test pages."""

from dataclasses import dataclass
from datetime import date, datetime, time

from appservice.domain.types import UserId


@dataclass(frozen=True)
class Slot:
    """Some hours of every week, as wall times of a zone, and who is there in them."""

    day: int  # 0 for Monday: the one on which it begins
    begins: time
    ends: time  # at or before `begins`: of the day after
    zone: str  # IANA name
    users: tuple[UserId, ...]


@dataclass(frozen=True)
class Swap:
    """That somebody takes another one's place in a slot, on one day."""

    on: date
    begins: time
    by: UserId
    to: UserId


@dataclass(frozen=True)
class Rota:
    """Who is there when; without slots a group has no hours."""

    slots: tuple[Slot, ...] = ()
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True)
class Probe:
    """A test page to one facilitator; `known` is when they last answered one."""

    user: UserId
    sent: datetime
    answered: datetime | None = None
    known: datetime | None = None
