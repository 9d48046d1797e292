"""What the rules want done, in the imperative. Effects are values; adapters carry them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from appservice.domain.application import EventIn
from appservice.domain.charter import Charter
from appservice.domain.events import (
    ApplicantDue,
    ApplicationExpired,
    CaseDue,
    DeclineEnded,
    DutyDue,
    GraceEnded,
    GroupDue,
    LifetimeDue,
    MeetingDue,
    NewcomerDue,
    OfferExpired,
    PageFailed,
    PauseEnded,
    PromptDue,
    RatificationDue,
    RenewalDue,
    RetentionEnded,
    SweepDue,
    TipDue,
)
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.person import Choice
from appservice.domain.types import (
    Audience,
    EffectId,
    EventId,
    GroupId,
    RoomId,
    RoomKind,
    Text,
    UserId,
)


@dataclass(frozen=True)
class Message:
    """A message of the keeper: docs/protocol.md, "The keeper's messages".

    `lines` become paragraphs of the plain text; `parts` name what it contains, in order.
    """

    kind: str
    lines: tuple[Text, ...]
    language: str
    parts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    group: str | None = None  # the visible name
    step: str | None = None  # "3/7"
    case: str | None = None  # "C-12"
    audience: Audience = Audience.SIGNED


@dataclass(frozen=True)
class Say:
    """Say it in a room where the keeper is."""

    room: RoomId
    message: Message
    id: EffectId | None = None  # named by the rule when an Asked record must know it
    plain: bool = False  # the room is not encrypted; only `help` may be said so
    unheard: PageFailed | None = None  # what happens where it can never be said


@dataclass(frozen=True)
class SayPoll:
    """Say a native poll in a private chat (MSC3381); nobody else sees who answers what there.

    `message` has the choices; its lines are the question. The same stands in plain text in a
    message of its own, for clients without polls.
    """

    room: RoomId
    message: Message
    id: EffectId
    most: int = 1  # how many of the choices may be chosen


@dataclass(frozen=True)
class ClosePoll:
    """End a native poll, so that clients take no more answers; `message` says so in text."""

    room: RoomId
    poll: EffectId
    message: Message


@dataclass(frozen=True)
class OwnData:
    """A file's source: all that is kept about somebody, as JSON."""

    user: UserId


FileSource = OwnData


@dataclass(frozen=True)
class SayFile:
    """Send a file, encrypted, in a room where the keeper is; it is made when its turn comes."""

    room: RoomId
    name: str
    mimetype: str
    source: FileSource
    kind: str  # as of messages: docs/protocol.md


@dataclass(frozen=True)
class Quote:
    """Say in a room, below `message`, what somebody wrote in the private chat.

    The words are fetched and decrypted when they are said, and kept nowhere; yields AnswersQuoted.
    """

    room: RoomId
    message: Message
    user: UserId
    group: GroupId
    answers: tuple[tuple[Text, EventIn | None], ...]  # question, and where the answer stands
    skip: int = 0  # words at the beginning of each that are left out: those of a command
    followed: bool = True  # else nothing follows, and nothing is said once a word is gone
    gone: Text | None = None  # said in place of words that are gone; nothing follows either
    folded: bool = False  # the words open by a tap only, in apps that can do that
    whole: bool = False  # a picture, recording or file is said again as it is; words are not


class Shape(StrEnum):
    """What a join code is handed out as."""

    PICTURE = "picture"  # to scan
    CARD = "card"  # a page to print, with what a newcomer needs


@dataclass(frozen=True)
class JoinCode:
    """A join code as a file, as it is spelled; `country`: whose helplines the card has."""

    code: str
    shape: Shape
    country: str


@dataclass(frozen=True)
class Chart:
    """How many stand for each of several things, as a picture: (label, count), in order."""

    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class MeetingsFile:
    """Meetings as a file for a calendar program (RFC 5545), with a neutral title."""

    meetings: tuple[Meeting, ...]
    place: bool = False  # with links and addresses
    alarm: bool = False


Sheet = JoinCode | Chart | MeetingsFile
"""What can be handed out as a file."""


@dataclass(frozen=True)
class HandOut:
    """Say `message` in a room with a file, which is made and encrypted when its turn comes."""

    room: RoomId
    message: Message
    sheet: Sheet


@dataclass(frozen=True)
class TakeBack:
    """Redact a message of the keeper."""

    room: RoomId
    event: EventId


@dataclass(frozen=True)
class EnterChat:
    """Join as the keeper and look who is there; yields ChatInspected."""

    room: RoomId


@dataclass(frozen=True)
class OpenChat:
    """Make an encrypted private chat with somebody; yields ChatOpened. Never greets."""

    user: UserId


@dataclass(frozen=True)
class SwitchEncryptionOn:
    """Switch encryption on in a private chat where the keeper has the power."""

    room: RoomId


@dataclass(frozen=True)
class Leave:
    """Leave a room, or decline its invitation, without a word."""

    room: RoomId
    who: UserId  # the keeper or the steward


@dataclass(frozen=True)
class MakeRoom:
    """Make a room of a group, or finish a half-made one; yields RoomMade."""

    group: GroupId
    what: RoomKind
    charter: Charter
    muted: tuple[UserId, ...] = ()
    instead_of: RoomId | None = None  # the room that is over and whose place it takes


@dataclass(frozen=True)
class Convene:
    """Make a room for a case, or find it, and invite these users; yields RoomMade.

    As MakeRoom. Who is in it already stays; whoever is to go is taken out by Remove.
    """

    group: GroupId
    what: RoomKind  # CASE or CONTACT
    charter: Charter
    number: int
    users: tuple[UserId, ...]
    key: str = ""  # see SideRoom


@dataclass(frozen=True)
class FoundGroup:
    """Draw a code and found a draft beside a group; yields GroupAsked, or NameTaken."""

    group: GroupId
    charter: Charter
    at: datetime
    split_from: GroupId


@dataclass(frozen=True)
class DrawCode:
    """Draw a join code that nobody guesses, by the name of this effect; yields CodeDrawn."""

    group: GroupId
    name: str  # the visible one, with which the code begins
    room: RoomId
    user: UserId
    uses: int | None
    expires: datetime | None


@dataclass(frozen=True)
class DrawFeed:
    """Draw a web address for a calendar, by the name of this effect; yields FeedDrawn."""

    room: RoomId
    user: UserId
    group: GroupId


@dataclass(frozen=True)
class Publish:
    """Bring a meeting to the calendar of its facilitators as it is then, or take it away there.

    Yields OutsideFailed once where that does not go at once.
    """

    group: GroupId
    name: str  # the group's visible one
    number: int


@dataclass(frozen=True)
class CheckVideo:
    """Look whether the video server answers; yields OutsideFailed if it does not."""

    group: GroupId
    number: int
    was: datetime  # the occurrence, by its wall time by the rule


@dataclass(frozen=True)
class Visit:
    """Somebody goes to an occurrence of a meeting; who they are, no video server need know."""

    group: GroupId
    number: int
    was: datetime
    host: bool = False


@dataclass(frozen=True)
class ShowPlace:
    """Say `message` and below it a link for one person, which is made at that moment."""

    room: RoomId
    message: Message
    visit: Visit


@dataclass(frozen=True)
class Admit:
    """Invite somebody into rooms, as the steward; yields Admitted or AdmissionBlocked.

    Made by the gate, with a consent in the same Outcome, and for somebody with a consent who
    has accepted a role that opens a room.
    """

    user: UserId
    group: GroupId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class Remove:
    """Take somebody out of rooms, as the steward, with an empty reason."""

    user: UserId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class Unban:
    """Lift a ban in rooms, as the steward, with an empty reason; they must be invited again."""

    user: UserId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class TakeOut:
    """Redact one message of a room of a group, as the steward; yields TakenOut.

    `rule`: the number of the rule that it is about, 0 for none. `asked`: where it was asked for.
    """

    group: GroupId
    room: RoomId
    event: EventId
    rule: int
    asked: RoomId


@dataclass(frozen=True)
class EmptyRoom:
    """Take everybody out of a room of a group, our own users last; yields RoomEmptied.

    For a room that is of no use any more: its group has closed, or another took its place.
    """

    group: GroupId
    room: RoomId


@dataclass(frozen=True)
class PartWith:
    """See to it that somebody is out of rooms, and leave their chats as the keeper; yields Parted.

    `chat`: where the last word was said before it; empty if there is none.
    """

    user: UserId
    chat: RoomId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class EraseKeys:
    """Erase the keys of somebody's devices and of what they said; begin anew in these rooms."""

    user: UserId
    rooms: tuple[RoomId, ...]


@dataclass(frozen=True)
class SweepPage:
    """Take a page of messages out of a room, as the steward; yields PageSwept.

    `whose`: their own; None: everybody's sent before `before`. `start`: where the page begins.
    """

    group: GroupId
    room: RoomId
    whose: UserId | None
    before: datetime | None
    start: str
    since: datetime | None = None  # what was sent before that is let be


@dataclass(frozen=True)
class AcceptIdentity:
    """Let an identity count, if it still is the one that somebody has; yields IdentityAccepted."""

    user: UserId
    master_key: str
    by: UserId | None = None  # the facilitator who spoke with them; None: the operator


@dataclass(frozen=True)
class Repair:
    """Set a state event of a room, as the steward, to what it should be."""

    room: RoomId
    type: str
    content: Mapping[str, object]


@dataclass(frozen=True)
class SetPowers:
    """Set who may do what in a room of a group, as the group's record has it by then."""

    group: GroupId
    what: RoomKind


@dataclass(frozen=True)
class Unlist:
    """Take a room out of the public room directory."""

    room: RoomId


@dataclass(frozen=True)
class AnswerVerification:
    """Send a message of a verification by emoji: in the private chat, or to a device ("*": all).

    No rule makes it: what to answer is the encryption machine's to say.
    """

    user: UserId
    type: str
    content: Mapping[str, object]
    room: RoomId | None = None
    device: str = "*"
    plain: bool = False  # in clear, as it was asked


@dataclass(frozen=True)
class SeekAnswer:
    """Look, as the steward, whether anybody else wrote in a circle after then.

    Yields AnswerSought. Only who wrote when is looked at.
    """

    user: UserId
    group: GroupId
    circle: RoomId
    since: datetime


@dataclass(frozen=True)
class Page:
    """Ask somebody outside of Matrix to look at a case; yields PageFailed where that fails.

    Nothing of the case is told but its number.
    """

    user: UserId
    way: str  # the name of a bridge: email | ntfy | webhook
    address: str
    group: GroupId
    number: int
    step: str  # of the case's clock, that asks
    language: str
    drill: bool = False


@dataclass(frozen=True)
class SendPageCode:
    """Draw a code by the name of this effect, and send it to an address; yields PageCodeSent."""

    room: RoomId
    user: UserId
    way: str
    address: str
    language: str


@dataclass(frozen=True)
class Wake:
    """Let `event` happen at `due`; the same key again moves it, `Forget` drops it."""

    key: str
    due: datetime
    event: (
        ApplicantDue
        | ApplicationExpired
        | GraceEnded
        | RenewalDue
        | RatificationDue
        | OfferExpired
        | DutyDue
        | GroupDue
        | RetentionEnded
        | SweepDue
        | LifetimeDue
        | PauseEnded
        | DeclineEnded
        | TipDue
        | NewcomerDue
        | MeetingDue
        | PromptDue
        | CaseDue
    )


@dataclass(frozen=True)
class Unwake:
    """Forget a timer."""

    key: str


@dataclass(frozen=True)
class TellOperator:
    """Write to the operators' log (and to the operator's private chat, if there is one)."""

    text: Text
    facts: Mapping[str, str] = field(default_factory=dict)  # ids only, no content


Effect = (
    Say
    | SayPoll
    | ClosePoll
    | SayFile
    | Quote
    | HandOut
    | TakeBack
    | EnterChat
    | OpenChat
    | SwitchEncryptionOn
    | Leave
    | MakeRoom
    | Convene
    | FoundGroup
    | DrawCode
    | DrawFeed
    | Publish
    | CheckVideo
    | ShowPlace
    | Admit
    | Remove
    | Unban
    | TakeOut
    | EmptyRoom
    | PartWith
    | EraseKeys
    | SweepPage
    | AcceptIdentity
    | Repair
    | SetPowers
    | Unlist
    | AnswerVerification
    | SeekAnswer
    | Wake
    | Unwake
    | Page
    | SendPageCode
    | TellOperator
)
