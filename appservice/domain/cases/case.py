"""A case: what a member raised, who looks after it, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from appservice.domain.application import EventIn
from appservice.domain.of_member import OfGroup, OfHouse
from appservice.domain.types import GroupId, RoomKind, UserId


class Track(StrEnum):
    """Two tracks that never mix: distress earns no warning, and a breach of rules no alarm."""

    CARE = "care"
    CONDUCT = "conduct"


class About(StrEnum):
    """What the reporter says that it is about."""

    ME = "me"
    OTHER = "other"
    BEHAVIOUR = "behaviour"


class Level(StrEnum):
    """How grave a care case is; set by people, never by us."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Stage(StrEnum):
    """How far a case has come: docs/cases.md."""

    RECEIVED = "received"
    CLAIMED = "claimed"
    IN_CONTACT = "in_contact"
    WATCHING = "watching"
    ESCALATED = "escalated"
    HANDED_OVER = "handed_over"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"
    DEBRIEFED = "debriefed"
    ERASED = "erased"


class Result(StrEnum):
    """How a case ended."""

    LOOKED_AFTER = "looked_after"
    DUPLICATE = "duplicate"
    NO_CONCERN = "no_concern"
    MISUSE = "misuse"
    STOPPED = "stopped"  # as the member wished


class For(StrEnum):
    """Who may see a case."""

    FACILITATORS = "facilitators"
    LEAD = "lead"  # it is about a facilitator
    BUT_LEAD = "but_lead"  # it is about the lead


@dataclass(frozen=True)
class Noted:
    """A line of what was done about a case: a code, a moment, and a name for whoever did it.

    The name is one of this group's log and leads to nobody outside of it (docs/cases.md).
    """

    code: str
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Wanted:
    """What its owner wants done, and a second person has not agreed to yet."""

    what: str  # "escalate" | "close RESULT" | "level LEVEL" | "handover"
    by: UserId
    at: datetime
    to: UserId | None = None  # who alone can agree; None: whoever else may see the case


@dataclass(frozen=True)
class Case(OfGroup):
    """What was raised. The words themselves stand in the reporter's private chat, and only there.

    `done`: the steps of its clock that were taken, by name. `since`: when the present wait for
    somebody to take it began; `acted`: when its owner last did something.
    """

    group: GroupId
    number: int  # of the whole house: C-12
    track: Track
    about: About
    opened: datetime
    since: datetime
    reporter: UserId | None  # None: they were forgotten
    stage: Stage = Stage.RECEIVED
    urgent: bool = False  # "immediate danger", as the reporter says
    level: Level | None = None
    visible: For = For.FACILITATORS
    excerpt: tuple[EventIn, ...] = ()
    owner: UserId | None = None
    second: UserId | None = None
    named: tuple[UserId, ...] = ()  # whom it is about, as people have said
    kept_from: tuple[UserId, ...] = ()  # who may be meant (`visible`), in whatever role by now
    waits: int = 0  # how often nobody had it, after somebody did
    acted: datetime | None = None
    shown: tuple[UserId, ...] = ()  # to whom the words were given
    done: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()  # steps in which somebody could not be reached
    follow_up: bool = True  # the member has not declined it
    wanted: Wanted | None = None
    closed: datetime | None = None
    result: Result | None = None
    log: tuple[Noted, ...] = ()
    kind: ClassVar[str] = "case"

    @property
    def key(self) -> str:
        return f"{self.group} {self.number}"

    @property
    def name(self) -> str:
        return f"C-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed is None


@dataclass(frozen=True)
class Concern(OfGroup):
    """What stays of a case that was erased: codes and moments, for 24 months."""

    group: GroupId
    number: int
    track: Track
    opened: datetime
    closed: datetime
    erased: datetime
    result: Result
    log: tuple[Noted, ...]
    silent: bool = False  # some of those in charge were not to know of it
    kind: ClassVar[str] = "concern"

    @property
    def key(self) -> str:
        return f"{self.group} {self.number}"


@dataclass(frozen=True)
class Numbering(OfHouse):
    """The last number that a case was given in this house."""

    last: int = 0
    kind: ClassVar[str] = "numbering"
    JUMP: ClassVar[int] = 100
    PACE: ClassVar[timedelta] = timedelta(minutes=10)  # between two cases of a house, at most

    def jumped(self, age: timedelta) -> "Numbering":
        """Leave out what a copy of this age may not know; people hold receipts.

        The same copy is older when it is put back once more: no number of the time between the
        two is given again.
        """
        return Numbering(self.last + self.JUMP + max(age, timedelta()) // self.PACE)

    @property
    def key(self) -> str:
        return ""


@dataclass(frozen=True)
class SideRoom:
    """A room for one case beside those of the group: docs/rooms.md."""

    what: RoomKind  # CASE or CONTACT
    number: int
    users: tuple[UserId, ...]
    key: str = ""  # which one of several of this kind: a hash over whom it is for
