"""What can happen, in the past tense. Events are values without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from appservice.domain.charter import Charter, GroupRole
from appservice.domain.types import (
    Assurance,
    EffectId,
    EventId,
    Form,
    GroupId,
    Matter,
    NameTells,
    Prompt,
    RoomId,
    RoomKind,
    UserId,
)


@dataclass(frozen=True)
class MessageSaid:
    """Somebody wrote to the keeper, in a private chat or a facilitators' room."""

    room: RoomId
    user: UserId
    event: EventId
    text: str  # empty unless `form` is TEXT
    form: Form
    assurance: Assurance
    reply_to: EffectId | None = None  # our message that this one replies to
    has_signed_device: bool = False  # some device of theirs is cross-signed
    identity_changed: bool = False  # by an identity that is neither the first seen nor accepted


@dataclass(frozen=True)
class PollAnswered:
    """Somebody answered a poll of the keeper's by its buttons; no answers: they took theirs back.

    MSC3381, "poll response".
    """

    room: RoomId
    user: UserId
    event: EventId
    poll: EffectId
    answers: tuple[str, ...]  # ids of choices, as they were sent
    assurance: Assurance
    has_signed_device: bool = False


@dataclass(frozen=True)
class MessageUnreadable:
    """A message could not be decrypted and its key did not come in time."""

    room: RoomId
    user: UserId
    event: EventId


@dataclass(frozen=True)
class MessageShown:
    """Our own message came back from the homeserver: it stands in the room now."""

    room: RoomId
    user: UserId  # whose private chat it is
    message: EffectId


@dataclass(frozen=True)
class KeeperInvited:
    """Somebody invited the keeper to a room."""

    room: RoomId
    inviter: UserId


@dataclass(frozen=True)
class StewardInvited:
    """Somebody invited the steward to a room that is not ours."""

    room: RoomId
    inviter: UserId


@dataclass(frozen=True)
class ChatInspected:
    """The keeper looked who is in a room that it joined, or where somebody came or went."""

    room: RoomId
    user: UserId | None  # the one other member; None: there is none or more than one
    joined: tuple[UserId, ...]  # without the keeper
    invited: tuple[UserId, ...]
    encrypted: bool
    can_encrypt: bool  # the keeper has the power to switch encryption on
    rotation_messages: int = 100
    rotation_ms: int = 604_800_000
    inside: bool = True  # False: the keeper is not in it any more, and saw nothing
    name_tells: NameTells = NameTells.NOTHING  # the display name of `user`
    zone: str | None = None  # by the profile of `user` (m.tz), empty: by none; None: not known


@dataclass(frozen=True)
class ChatOpened:
    """The keeper made a private chat of its own and invited `user`."""

    room: RoomId
    user: UserId


@dataclass(frozen=True)
class DeviceTrusted:
    """Somebody has a cross-signed device now and had none before."""

    user: UserId


@dataclass(frozen=True)
class IdentityChanged:
    """Somebody has an identity that is neither the first seen nor an accepted one."""

    user: UserId
    master_key: str  # of the new identity, in unpadded base64


@dataclass(frozen=True)
class IdentityConfirmed:
    """The operator compared emoji with somebody: the identity of this master key is theirs."""

    user: UserId
    master_key: str


@dataclass(frozen=True)
class IdentityAccepted:
    """An identity counts from now on, on somebody's word."""

    user: UserId
    master_key: str
    by: UserId | None  # the facilitator who spoke with them; None: the operator


@dataclass(frozen=True)
class GroupAsked:
    """The operator asked for a new group. The code was drawn at the edge."""

    group: GroupId
    charter: Charter
    code: str
    open: bool
    at: datetime
    split_from: GroupId | None = None


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
class NameTaken:
    """A group could not be founded beside another one, since its name belongs to a third."""

    group: GroupId  # that was to split
    name: str


@dataclass(frozen=True)
class CodeDrawn:
    """A join code was drawn at the edge, for a facilitator who asked for it in `room`."""

    group: GroupId
    code: str
    room: RoomId
    user: UserId
    uses: int | None
    expires: datetime | None


@dataclass(frozen=True)
class RoomMade:
    """A room of a group exists, with every state event that it needs."""

    group: GroupId
    what: RoomKind
    room: RoomId
    number: int = 0  # of the case that it is for
    users: tuple[UserId, ...] = ()  # who were invited to a room of a case
    key: str = ""  # see SideRoom


@dataclass(frozen=True)
class Admitted:
    """All invitations of somebody with a consent have been sent."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class AdmissionBlocked:
    """The homeserver would not deliver an invitation (`code`: M_INVITE_BLOCKED, ...)."""

    user: UserId
    group: GroupId
    code: str


@dataclass(frozen=True)
class ApplicationExpired:
    """Seven days passed without a step through the gate."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class ApplicantDue:
    """It is time to look at somebody who waits: at their answers, and whether anybody decided."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class AnswersQuoted:
    """The keeper has quoted an applicant's answers in a room of facilitators."""

    user: UserId
    group: GroupId
    room: RoomId
    event: EventId


@dataclass(frozen=True)
class GraceEnded:
    """The fourteen days of somebody found without a consent are over."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class ErasureAsked:
    """The operator asked that somebody be forgotten."""

    user: UserId


@dataclass(frozen=True)
class Parted:
    """Somebody who is to be forgotten is out of every room, and the keeper out of their chats."""

    user: UserId
    chats: tuple[RoomId, ...]


@dataclass(frozen=True)
class RetentionEnded:
    """The days are over for which the record of an ended membership is kept."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class SweepDue:
    """The next page of messages is to be taken out of a room."""

    group: GroupId
    room: RoomId
    whose: UserId | None


@dataclass(frozen=True)
class PageSwept:
    """A page of messages was taken out; `then`: where the next begins, empty at the end.

    `oldest`: when the oldest event of the page was sent.
    """

    group: GroupId
    room: RoomId
    whose: UserId | None
    then: str
    oldest: datetime | None


@dataclass(frozen=True)
class TakenOut:
    """A message was taken out on a facilitator's word; no `author`: it is not there (any more)."""

    group: GroupId
    room: RoomId
    author: UserId | None
    rule: int
    asked: RoomId


@dataclass(frozen=True)
class LifetimeDue:
    """A day has passed in a group whose messages have a lifetime."""

    group: GroupId


@dataclass(frozen=True)
class RenewalDue:
    """Somebody who is asked to agree to changed rules is to be reminded, paused, or taken out."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class PauseEnded:
    """The time is over for which somebody wished to be paused."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class TipDue:
    """The time has come to say a tip to somebody who is new."""

    user: UserId
    group: GroupId
    step: int  # 1 to 3
    room: RoomId  # the private chat that counted when they were let in
    begun: datetime


@dataclass(frozen=True)
class CircleSpoke:
    """Somebody whose first message is awaited wrote in a circle; what, nobody here can know."""

    room: RoomId
    user: UserId
    at: datetime  # as the homeserver says


@dataclass(frozen=True)
class NewcomerDue:
    """It is time to look after somebody who is new."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class AnswerSought:
    """The homeserver told whether anybody has written in the circle after a newcomer."""

    user: UserId
    group: GroupId
    answered: bool


@dataclass(frozen=True)
class DeclineEnded:
    """The day is over for which the gate of a group was closed to somebody."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class RatificationDue:
    """The days are over in which a second person could ratify an urgent change of the rules."""

    group: GroupId
    version: str


@dataclass(frozen=True)
class RoleOrdered:
    """The operator offers somebody a role, or takes all that they have (`role` None)."""

    group: GroupId
    user: UserId
    role: GroupRole | None


@dataclass(frozen=True)
class OfferExpired:
    """The days are over in which somebody could accept a role."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class DutyDue:
    """Somebody said that they are off duty until now, or has just lost a place in charge."""

    user: UserId


@dataclass(frozen=True)
class GroupDue:
    """Something about a group is to be looked at."""

    group: GroupId
    matter: Matter


@dataclass(frozen=True)
class MeetingDue:
    """Something about an occurrence of a meeting is to be looked at."""

    group: GroupId
    number: int


@dataclass(frozen=True)
class PromptDue:
    """It is time to write to somebody unasked, if that still fits.

    `about`: what it is about, in the words of whoever asked for it.
    """

    user: UserId
    group: GroupId
    what: Prompt
    about: str = ""


@dataclass(frozen=True)
class FeedDrawn:
    """A web address for somebody's calendar program was drawn: its secret part, and the hash."""

    group: GroupId
    room: RoomId
    user: UserId
    secret: str = field(repr=False)
    kept: str


@dataclass(frozen=True)
class OutsideFailed:
    """Something outside that a meeting uses did not answer, or refused us.

    `was`: the occurrence, by its wall time by the rule; None: the meeting as a whole.
    """

    group: GroupId
    number: int
    what: str  # "calendar" | "video"
    was: datetime | None = None


@dataclass(frozen=True)
class CloseAsked:
    """The operator asked for a group to close on a day, or at once (`on` is now)."""

    group: GroupId
    on: datetime


@dataclass(frozen=True)
class RoomEmptied:
    """Nobody is in a room of a group any more, the steward neither."""

    group: GroupId
    room: RoomId


@dataclass(frozen=True)
class RoomFacts:
    """A room of a group as the homeserver tells it (content dicts as in the specification)."""

    room: RoomId
    what: RoomKind
    members: Mapping[UserId, str]  # membership of everybody with join, invite, knock or ban
    state: Mapping[str, Mapping[str, object]]  # type -> content, of state key ""
    listed: bool  # in the public room directory
    invited_by_us: tuple[UserId, ...] = ()  # invites whose sender is the steward
    left: tuple[UserId, ...] = ()  # who went by themselves, and was not taken out
    bans: Mapping[UserId, UserId] = field(default_factory=dict)  # who is banned, and by whom


@dataclass(frozen=True)
class GroupInspected:
    """The reconciler looked at all rooms of a group."""

    group: GroupId
    rooms: tuple[RoomFacts, ...]


@dataclass(frozen=True)
class StewardInspected:
    """The homeserver told which devices and which identity the steward has."""

    devices: tuple[str, ...]
    master_key: str | None
    published: str  # the master key that we published
    groups: tuple[GroupId, ...] = field(default=())  # all open groups, to be told


Event = (
    MessageSaid
    | PollAnswered
    | MessageUnreadable
    | MessageShown
    | KeeperInvited
    | StewardInvited
    | ChatInspected
    | ChatOpened
    | DeviceTrusted
    | IdentityChanged
    | IdentityConfirmed
    | IdentityAccepted
    | GroupAsked
    | NameTaken
    | CodeDrawn
    | RoomMade
    | Admitted
    | AdmissionBlocked
    | ApplicationExpired
    | ApplicantDue
    | AnswersQuoted
    | GraceEnded
    | RetentionEnded
    | SweepDue
    | PageCodeSent
    | PageFailed
    | PageSwept
    | TakenOut
    | LifetimeDue
    | ErasureAsked
    | Parted
    | RenewalDue
    | PauseEnded
    | DeclineEnded
    | TipDue
    | CaseDue
    | CircleSpoke
    | NewcomerDue
    | AnswerSought
    | RatificationDue
    | RoleOrdered
    | OfferExpired
    | DutyDue
    | GroupDue
    | MeetingDue
    | PromptDue
    | FeedDrawn
    | OutsideFailed
    | CloseAsked
    | RoomEmptied
    | GroupInspected
    | StewardInspected
)
