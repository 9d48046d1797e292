"""What happens to cases, to pages, and to those who are on duty."""

from dataclasses import dataclass, field

from appservice.domain.types import GroupId, RoomId, UserId


@dataclass(frozen=True)
class CaseDue:
    """It is time to look at a case."""

    group: GroupId
    number: int


@dataclass(frozen=True)
class PageFailed:
    """Somebody could not be asked to look at a case, which is an alert by itself."""

    group: GroupId
    number: int
    user: UserId
    step: str  # of the case's clock, that asked


@dataclass(frozen=True)
class PageCodeSent:
    """A code went to an address for alerts; without a code: it did not go."""

    room: RoomId
    user: UserId
    way: str
    address: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True)
class DutyDue:
    """Somebody said that they are off duty until now, or has just lost a place in charge."""

    user: UserId
