"""What is kept beside people and groups: frozen values, found by key, person and group."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from appservice.domain.agenda.topics import Topics
from appservice.domain.application import Application, Code
from appservice.domain.buddies.buddy import Buddies
from appservice.domain.cases.case import Case, Concern, Numbering
from appservice.domain.charter import Rules
from appservice.domain.checkins.records import CheckIn, CheckIns
from appservice.domain.conduct.appeal import Appeal
from appservice.domain.conduct.motion import Motions
from appservice.domain.conduct.standing import Standing
from appservice.domain.digest.records import Digest
from appservice.domain.feedback.records import AfterMeetings, Did, Feedback, NoFeedback
from appservice.domain.floor.floor import Floor
from appservice.domain.group import Group
from appservice.domain.meetings.feed import Feed
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.meetings.plan import Plan
from appservice.domain.meetings.reminding import Reminding
from appservice.domain.of_member import OfGroup, OfHouse, OfMember, OfPerson
from appservice.domain.person import Person
from appservice.domain.polls.poll import Poll
from appservice.domain.shelf.shelf import Shelf
from appservice.domain.themes.theme import Themes
from appservice.domain.times.search import TimeSearch
from appservice.domain.types import (
    EventId,
    GroupId,
    RoomId,
    RoomKind,
    UserId,
)
from appservice.domain.unsigned.records import Questions


@dataclass(frozen=True)
class Room:
    """A room where the keeper or the steward has something to do."""

    room: RoomId
    what: RoomKind
    group: GroupId | None  # None for private chats
    user: UserId | None  # the one member of a private chat
    encrypted: bool
    members: tuple[UserId, ...] = ()  # joined, without keeper and steward
    crowded: bool = False  # a private chat with a third person joined or invited
    rotation_messages: int = 100  # m.room.encryption: rotation_period_msgs
    rotation_ms: int = 604_800_000  # m.room.encryption: rotation_period_ms
    kind: ClassVar[str] = "room"

    @property
    def key(self) -> str:
        return self.room

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Version(OfGroup):
    """Ground rules that a group has or had: one text for each language."""

    group: GroupId
    number: str  # major.minor.patch
    rules: tuple[Rules, ...]
    published: datetime
    why: str = ""
    kind: ClassVar[str] = "version"

    @property
    def key(self) -> str:
        return f"{self.group} {self.number}"


class PauseReason(StrEnum):
    """Why somebody is paused; each begins and ends by itself."""

    RULES = "rules"  # they have not agreed to the ground rules as they are now
    OWN = "own"  # their own wish
    CONDUCT = "conduct"  # facilitators' word, for a rule


@dataclass(frozen=True)
class Consent(OfMember):
    """What somebody agreed to, in which words, and when; it counts until `withdrawn` is set.

    Of each person and group there is one; what was agreed to before stands in the record of
    consents (entries.py).
    """

    user: UserId
    group: GroupId
    given: datetime
    language: str
    rules_version: str
    rules_hash: str  # SHA-256 of the rules' canonical text, hex
    rules_statement: str
    rules_event: EventId
    data_statement: str
    data_event: EventId
    age_confirmed: int  # "N or older", as confirmed
    admitted: bool = False  # all invitations were sent
    withdrawn: datetime | None = None
    removed_for_rules: bool = False  # by the clock: one word leads back
    agreed: tuple[str, ...] = ()  # versions agreed to before `rules_version`
    pauses: tuple[PauseReason, ...] = ()
    pause_ends: datetime | None = None  # of the pause by their own wish
    options: tuple[str, ...] = ()  # what else they agreed to, each by itself
    kind: ClassVar[str] = "consent"


@dataclass(frozen=True)
class Renewal(OfMember):
    """Somebody who is asked to agree to changed rules. Nobody is taken to agree by silence."""

    user: UserId
    group: GroupId
    version: str
    due: datetime  # then they are paused
    looked: datetime  # when we last looked at it
    last_word: bool = False  # the one a day before was said
    paused: bool = False
    ends: datetime | None = None  # of who is paused: then they are taken out
    kind: ClassVar[str] = "renewal"


@dataclass(frozen=True)
class Care(OfPerson):
    """An open care case names somebody: no machine pauses or removes them; deadlines rest.

    The same holds for somebody who has died, as the facilitators of a group have told us.
    """

    user: UserId
    since: datetime
    cases: tuple[int, ...] = ()  # their numbers
    mourned: tuple[GroupId, ...] = ()  # groups that know of their death
    red: tuple[int, ...] = ()  # of the red ones among them: nothing comes unasked
    kind: ClassVar[str] = "care"


@dataclass(frozen=True)
class Grace(OfMember):
    """Somebody who is in a group's room without a consent and may pass the gate until `until`."""

    user: UserId
    group: GroupId
    until: datetime
    kind: ClassVar[str] = "grace"


@dataclass(frozen=True)
class Sweep(OfGroup):
    """Messages that are being taken out of a room, from the newest back.

    It is found by its group, not by whose they are: it ends after they were forgotten.
    """

    group: GroupId
    room: RoomId
    user: UserId | None  # whose; None: everybody's that were sent before `before`
    before: datetime | None = None
    start: str = ""  # where the next page begins, as the homeserver names it; empty: not begun
    done_before: datetime | None = None  # what was sent before that was taken out earlier
    since: datetime | None = None  # what was sent before that stays; facilitators asked for it
    kind: ClassVar[str] = "sweep"

    @property
    def key(self) -> str:
        return f"{self.room} {self.user or ''}"


@dataclass(frozen=True)
class Declined(OfMember):
    """The gate of a group is closed to somebody until then; why is not kept."""

    user: UserId
    group: GroupId
    until: datetime
    kind: ClassVar[str] = "declined"


@dataclass(frozen=True)
class Newcomer(OfMember):
    """Somebody who allowed us to notice that their first message in the circle has no answer."""

    user: UserId
    group: GroupId
    circle: RoomId
    since: datetime
    waiting: datetime | None = None  # since when; None: they have not written yet
    kind: ClassVar[str] = "newcomer"


@dataclass(frozen=True)
class Mark(OfHouse):
    """A mark on the steward that the group was told of: a device, or another identity."""

    what: str  # "device ABC" | "identity <key>" | "identity missing"
    seen: datetime
    kind: ClassVar[str] = "mark"

    @property
    def key(self) -> str:
        return self.what


@dataclass(frozen=True)
class NumbersTold(OfHouse):
    """When the operator last heard that somebody should look at a country's numbers."""

    country: str
    at: datetime
    kind: ClassVar[str] = "numbers told"

    @property
    def key(self) -> str:
        return self.country


Record = (
    Person
    | Room
    | Group
    | Version
    | Code
    | Application
    | Consent
    | Renewal
    | Care
    | Case
    | Concern
    | Numbering
    | Grace
    | Declined
    | Newcomer
    | Mark
    | NumbersTold
    | Sweep
    | Meeting
    | Progress
    | Poll
    | Shelf
    | Themes
    | Buddies
    | Feed
    | Topics
    | Floor
    | TimeSearch
    | CheckIn
    | CheckIns
    | Questions
    | Feedback
    | NoFeedback
    | AfterMeetings
    | Did
    | Digest
    | Plan
    | Reminding
    | Motions
    | Standing
    | Appeal
)

OF_GROUP: tuple[type[Record], ...] = (
    Meeting,
    Progress,
    Poll,
    Shelf,
    Themes,
    Buddies,
    Topics,
    Floor,
    TimeSearch,
    CheckIns,
    Questions,
    Feedback,
    AfterMeetings,
    Did,
    Motions,
)
"""Records of a group's rhythm."""

OF_MEMBER: tuple[type[Record], ...] = (
    Feed,
    CheckIn,
    NoFeedback,
    Digest,
    Plan,
    Reminding,
    Standing,
    Appeal,
)
"""Records of one member's part in the rhythm of a group: OfMember."""
