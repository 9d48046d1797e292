"""Who would be a buddy, who would like one, and who is one of whom, for a fortnight."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId

FORTNIGHT = timedelta(days=14)
SEEKING_FOR = timedelta(days=28)  # then a wish that nobody could meet ends by itself
ANSWER_WITHIN = timedelta(days=3)  # then the next volunteer is asked
MOST = 2  # buddies of a volunteer at a time


@dataclass(frozen=True)
class Volunteer:
    """Somebody who may be asked; they say yes or no each time."""

    since: datetime
    rests: datetime | None = None  # is not asked before


@dataclass(frozen=True)
class Seeking:
    """Somebody who would like a buddy; that is their yes."""

    since: datetime


@dataclass(frozen=True)
class Asking:
    """That a volunteer was asked for somebody; neither knows the other's name by it."""

    seeker: UserId
    volunteer: UserId
    at: datetime
    over: bool = False  # they said no, or nothing: they are not asked for this one again


@dataclass(frozen=True)
class Half:
    """One side of a pair: each ends its own, and the other does not hear of it."""

    other: UserId
    until: datetime


@dataclass(frozen=True)
class Buddies(OfGroup):
    """All of a group; what is a member's own stands under their name."""

    group: GroupId
    volunteers: Mapping[UserId, Volunteer] = field(default_factory=dict)
    seeking: Mapping[UserId, Seeking] = field(default_factory=dict)
    halves: Mapping[UserId, tuple[Half, ...]] = field(default_factory=dict)
    asking: tuple[Asking, ...] = ()
    kind: ClassVar[str] = "buddies"

    def asked(self, volunteer: UserId) -> UserId | None:
        """Return for whom a volunteer is asked now."""
        found = (a.seeker for a in self.asking if a.volunteer == volunteer and not a.over)
        return next((seeker for seeker in found if seeker in self.seeking), None)

    def others(self, user: UserId, now: datetime) -> tuple[Half, ...]:
        """Return whose buddy somebody is; who has left the group is not among them."""
        return tuple(half for half in self.halves.get(user, ()) if half.other and now < half.until)
