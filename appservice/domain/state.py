"""Everything the rules may know: records as frozen values, and the State made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from appservice.domain.charter import Charter, GroupRole, Rules
from appservice.domain.known import Known
from appservice.domain.types import (
    Audience,
    EffectId,
    EventId,
    GroupId,
    NameTells,
    RoomId,
    RoomKind,
    Text,
    UserId,
    Words,
)


@dataclass(frozen=True)
class Choice:
    """A way to answer: docs/protocol.md, "The keeper's messages"."""

    id: str
    label: Text
    reply: Text


@dataclass(frozen=True)
class Asked:
    """A message of ours that awaits an answer.

    `shown` turns true when the homeserver has sent our own message back to us: only then can a
    bare number that follows in the room be meant for it.
    """

    message: EffectId
    topic: str  # which dialogue asked: gate, leave, contact, ...
    group: GroupId | None
    step: str
    choices: tuple[Choice, ...]
    shown: bool = False
    answered: bool = False  # or taken back: no answer counts any more
    room: RoomId | None = None  # where it was asked
    language: str = "en"
    about: str = ""  # what was said before it, in our words: a time, the name of a group


@dataclass(frozen=True)
class OffDuty:
    """A facilitator's word that they are not there for the group now."""

    since: datetime
    until: datetime | None  # None: until they say that they are back


@dataclass(frozen=True)
class Person:
    """Somebody who talks with the keeper."""

    user: UserId
    language: str | None = None  # their own word; None: the group's
    country: str | None = None
    chat: RoomId | None = None  # the newest private chat that counts
    greeted: bool = False  # the program sentence was said in this chat
    asked: tuple[Asked, ...] = ()  # newest last, at most eight
    misses: tuple[datetime, ...] = ()  # when codes were tried that open nothing, newest last
    new_identity: str | None = None  # master key of a changed identity that waits for a word
    off: OffDuty | None = None
    trained: Mapping[str, datetime] = field(default_factory=dict)  # item -> when they said so
    name_tells: NameTells = NameTells.NOTHING  # their display name, as the keeper last saw it
    oriented: bool = False  # the tips for newcomers were begun, which is done once in a life
    tips: GroupId | None = None  # the group for which they are still said
    kind: ClassVar[str] = "person"

    @property
    def key(self) -> str:
        return self.user

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, None


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
class Proposal:
    """New ground rules that facilitators are writing: a text for each language changed so far."""

    rules: tuple[Rules, ...]
    why: str = ""
    dropped: tuple[str, ...] = ()  # languages that the next version is to do without


@dataclass(frozen=True)
class Change:
    """A change of the ground rules that everybody is asked about."""

    before: tuple[Rules, ...]
    after: tuple[Rules, ...]
    why: str
    by: UserId
    due: datetime  # who has not agreed by then is paused
    urgent: bool = False  # it counts at once, and falls unless a second person ratifies it
    ratified: bool = False
    concerned: tuple[UserId, ...] = ()
    talked: bool = False  # facilitators were asked to talk about it, for a first concern
    suspended: bool = False  # to be talked about: the rules before count, and nothing is due

    @property
    def version(self) -> str:
        return self.after[0].version

    def is_pending(self, now: datetime) -> bool:
        """Say whether it waits, so that no other change can be published."""
        return self.suspended or now < self.due or (self.urgent and not self.ratified)


@dataclass(frozen=True)
class Offer:
    """A role that is offered to a member; without their own yes nobody has one."""

    user: UserId
    role: GroupRole
    by: UserId | None  # None: the operator
    given: datetime
    expires: datetime
    replaces: UserId | None = None  # whose place it is: they go once the new one is in
    second: UserId | None = None  # who stands for it beside `by`, where two are needed
    accepted: bool = False  # a handover is not over before the new one is in

    @property
    def waits_for_second(self) -> bool:
        """Tell whether somebody else must stand for it before the member is asked."""
        alone = self.by is not None and self.replaces is None and self.second is None
        return alone and self.role is GroupRole.FACILITATOR


@dataclass(frozen=True)
class Revocation:
    """The first of two words that take a facilitator's place away."""

    user: UserId
    by: UserId
    asked: datetime


@dataclass(frozen=True)
class Team:
    """What goes on between those who look after a group."""

    offers: tuple[Offer, ...] = ()  # at most one for each member
    revocations: tuple[Revocation, ...] = ()
    active: datetime | None = None  # when a facilitator last did anything, to a day
    few_told: datetime | None = None  # when we last said that there are too few of them
    silence_told: datetime | None = None  # when we last said that none of them does anything
    greeters_told: datetime | None = None


@dataclass(frozen=True)
class Edit:
    """The newest change of a field, while a charter is completed in conversation."""

    field: str
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Decision:
    """What a facilitator decided about somebody who asked to come in; of them only the number."""

    number: int
    what: str  # accepted | waitlisted | declined
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Draft:
    """A charter that is completed in conversation: what is asked, and who is where."""

    questions: tuple[str, ...]  # fields of the charter and of its crisis plan
    places: Mapping[UserId, int] = field(default_factory=dict)  # the question they are at, from 0
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Split:
    """That a second group is to begin beside a group: asked for by one, agreed to by a second."""

    by: UserId
    name: str
    facilitators: tuple[UserId, ...]
    new: GroupId | None = None  # once it is agreed to


@dataclass(frozen=True)
class Closing:
    """That a group is to close: asked for by one, and agreed to by a second."""

    by: UserId | None  # None: the operator, whose word is enough
    on: datetime
    agreed: bool = False
    before: str = "open"  # the stage that an undoing leads back to
    last_word: bool = False  # the one a day before was said
    waits: bool = False  # for a care case, and the facilitators know


@dataclass(frozen=True)
class Group:
    """A group, from draft to closed. Its rooms are filled in as they are made."""

    id: GroupId
    stage: str  # draft | open | quiet | closing | closed
    charter: Charter
    founded: datetime
    rooms: Mapping[RoomKind, RoomId] = field(default_factory=dict)
    signed: tuple[UserId, ...] = ()  # facilitators who signed the draft
    signed_digest: str = ""  # of what exactly they signed
    draft: Draft | None = None
    quiet_until: datetime | None = None  # of a quiet group; None: until somebody wakes it
    closing: Closing | None = None
    split: Split | None = None  # into this and another one
    split_from: GroupId | None = None
    movers: tuple[UserId, ...] = ()  # who come over from there, and are not in yet
    replaced: tuple[RoomId, ...] = ()  # its rooms that somebody has ended from outside
    review: datetime | None = None  # when rules, numbers and plan are to be looked at again
    removals: tuple[datetime, ...] = ()  # by the reconciler, of the last day
    muted: tuple[UserId, ...] = ()  # who is paused, in order
    proposal: Proposal | None = None
    change: Change | None = None  # the newest major one
    team: Team = Team()
    applicants: int = 0  # the last number that somebody was given who waits
    decisions: tuple[Decision, ...] = ()  # the newest ones, newest last
    place_told: bool = False  # that a place is free while people wait for one
    kind: ClassVar[str] = "group"

    @property
    def key(self) -> str:
        return self.id

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, self.id


@dataclass(frozen=True)
class Code:
    """A join code; the record is found by the code itself, folded."""

    code: str  # folded (gate/codes.py), so that every way to spell it finds it
    group: GroupId
    created: datetime
    spelled: str = ""  # as it was handed out: WILLOW-7Q4K
    trusted: bool = False  # the operator's first: whoever has it needs no approval
    expires: datetime | None = None
    uses: int | None = None  # how many people it lets in; None: any number
    used: int = 0  # people who came in by it, and those on their way
    revoked: bool = False
    kind: ClassVar[str] = "code"

    @property
    def key(self) -> str:
        return self.code

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, self.group


@dataclass(frozen=True)
class EventIn:
    """An event, and the room where it stands."""

    room: RoomId
    event: EventId


@dataclass(frozen=True)
class Waiting:
    """Somebody who has passed the gate waits for the facilitators' word, or for a place."""

    number: int  # by which facilitators name them; given once in a group
    since: datetime
    listed: bool = False  # on the list for a place
    reminded: bool = False  # the facilitators were, that nobody has decided


@dataclass(frozen=True)
class Application:
    """Somebody on their way in; deleted when done, stopped, declined, or after seven days.

    Who waits for a word or a place is kept longer, until somebody decides (gate/waiting.py).
    """

    user: UserId
    group: GroupId
    step: int  # 0: no cross-signed device yet; 1 to 6: the gate; 7: is asked; 8: waits
    language: str
    started: datetime
    expires: datetime
    rules_agreed: EventId | None = None  # the statement of step 5
    rules_version: str = ""  # of the rules that were shown so far
    code: str = ""  # the folded code that holds a place for them
    revoked: bool = False  # that code was taken back: their next answer is the last
    trusted: bool = False  # no approval is asked for: by their code, or since they come back
    accepted: bool = False  # by facilitators, before the rules changed
    data_agreed: EventId | None = None  # the statement of step 6
    agreed: datetime | None = None  # when it was written
    answers: tuple[EventIn | None, ...] = ()  # to the facilitators' questions; None: skipped
    quotes: tuple[EventIn, ...] = ()  # where the keeper has quoted them
    waiting: Waiting | None = None
    name_told: bool = False  # that their display name tells who they are
    since: str = ""  # the version agreed to before, of who comes back: their way is shorter
    kind: ClassVar[str] = "application"

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Version:
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

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, self.group


class PauseReason(StrEnum):
    """Why somebody is paused; each begins and ends by itself."""

    RULES = "rules"  # they have not agreed to the ground rules as they are now
    OWN = "own"  # their own wish


@dataclass(frozen=True)
class Consent:
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

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Renewal:
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

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Care:
    """An open care case names somebody: no machine pauses or removes them; deadlines rest."""

    user: UserId
    since: datetime
    kind: ClassVar[str] = "care"

    @property
    def key(self) -> str:
        return self.user

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, None


@dataclass(frozen=True)
class Grace:
    """Somebody who is in a group's room without a consent and may pass the gate until `until`."""

    user: UserId
    group: GroupId
    until: datetime
    kind: ClassVar[str] = "grace"

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Sweep:
    """Messages that are being taken out of a room, from the newest back.

    It is found by its group, not by whose they are: it ends after they were forgotten.
    """

    group: GroupId
    room: RoomId
    user: UserId | None  # whose; None: everybody's that were sent before `before`
    before: datetime | None = None
    start: str = ""  # where the next page begins, as the homeserver names it; empty: not begun
    done_before: datetime | None = None  # what was sent before that was taken out earlier
    kind: ClassVar[str] = "sweep"

    @property
    def key(self) -> str:
        return f"{self.room} {self.user or ''}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, self.group


@dataclass(frozen=True)
class Declined:
    """The gate of a group is closed to somebody until then; why is not kept."""

    user: UserId
    group: GroupId
    until: datetime
    kind: ClassVar[str] = "declined"

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Newcomer:
    """Somebody who allowed us to notice that their first message in the circle has no answer."""

    user: UserId
    group: GroupId
    circle: RoomId
    since: datetime
    waiting: datetime | None = None  # since when; None: they have not written yet
    kind: ClassVar[str] = "newcomer"

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


@dataclass(frozen=True)
class Mark:
    """A mark on the steward that the group was told of: a device, or another identity."""

    what: str  # "device ABC" | "identity <key>" | "identity missing"
    seen: datetime
    kind: ClassVar[str] = "mark"

    @property
    def key(self) -> str:
        return self.what

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, "house"


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
    | Grace
    | Declined
    | Newcomer
    | Mark
    | Sweep
)


@dataclass(frozen=True)
class House:
    """What does not change while we run: who we are, and what the operator set."""

    keeper: UserId
    steward: UserId
    operator: UserId | None
    language: str
    help_page: str | None  # address of the public help page
    helplines: Mapping[str, tuple[Text, ...]]  # country -> lines: emergency first; "" unknown
    group_pages: str | None = None  # the web address under which /g/CODE stands
    registration_token: str | None = field(default=None, repr=False)  # for new accounts
    topic: str = ""  # of every room of a group, in the house's language; empty: in English
    known: Known = field(default_factory=Known)


@dataclass(frozen=True)
class State:
    """What is known when an event is decided. Only what the event concerns is loaded.

    Of a person: Person, their Room (chat), Applications, Consents, Graces, and every Group these
    name. Of a group: the Group, its Rooms, and all Applications, Consents and Graces in it.
    """

    house: House
    words: Words
    person: Person | None = None
    room: Room | None = None  # where it happened
    groups: Mapping[GroupId, Group] = field(default_factory=dict)
    code: Code | None = None  # the code that the event names, if there is one
    codes: tuple[Code, ...] = ()  # that hold places for the applications, or all of the groups
    applications: tuple[Application, ...] = ()
    consents: tuple[Consent, ...] = ()
    graces: tuple[Grace, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    declined: tuple[Declined, ...] = ()  # of the person
    newcomers: tuple[Newcomer, ...] = ()  # of the person
    cares: tuple[Care, ...] = ()  # everybody whom an open care case names
    versions: tuple[Version, ...] = ()  # of the groups, oldest first
    people: Mapping[UserId, Person] = field(default_factory=dict)  # of a group's members
    rooms: tuple[Room, ...] = ()  # of the groups
    marks: tuple[Mark, ...] = ()
    sweeps: tuple[Sweep, ...] = ()  # of the groups
    restored: bool = False  # the database is older than what last ran with it

    def consent(self, user: UserId, group: GroupId) -> Consent | None:
        """Return the consent that counts now, if there is one."""
        for consent in self.consents:
            if (consent.user, consent.group) == (user, group) and consent.withdrawn is None:
                return consent
        return None

    def cared_for(self, user: UserId) -> Care | None:
        """Return the care case that names somebody, if one is open."""
        return next((care for care in self.cares if care.user == user), None)


__all__ = [
    "Application",
    "Asked",
    "Audience",
    "Care",
    "Change",
    "Choice",
    "Closing",
    "Code",
    "Consent",
    "Decision",
    "Declined",
    "Draft",
    "Edit",
    "EventIn",
    "Grace",
    "Group",
    "House",
    "Mark",
    "Newcomer",
    "OffDuty",
    "Offer",
    "PauseReason",
    "Person",
    "Proposal",
    "Record",
    "Renewal",
    "Revocation",
    "Room",
    "Split",
    "State",
    "Sweep",
    "Team",
    "Version",
    "Waiting",
]
