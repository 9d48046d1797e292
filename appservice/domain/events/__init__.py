"""What can happen, in the past tense. Events are values without behaviour."""

from appservice.domain.events.care import CaseDue, DutyDue, PageCodeSent, PageFailed
from appservice.domain.events.chat import (
    ChatInspected,
    ChatOpened,
    KeeperInvited,
    MessageSaid,
    MessageShown,
    MessageUnreadable,
    PollAnswered,
    StewardInvited,
)
from appservice.domain.events.forgetting import (
    ErasureAsked,
    LifetimeDue,
    PageSwept,
    Parted,
    RetentionEnded,
    SweepDue,
    TakenOut,
)
from appservice.domain.events.group import (
    CloseAsked,
    CodeDrawn,
    GroupAsked,
    GroupDue,
    GroupInspected,
    GroupSetBack,
    NameTaken,
    OfferExpired,
    RatificationDue,
    RoleOrdered,
    RoomEmptied,
    RoomFacts,
    RoomMade,
)
from appservice.domain.events.identity import (
    DeviceTrusted,
    IdentityAccepted,
    IdentityChanged,
    IdentityConfirmed,
    StewardInspected,
)
from appservice.domain.events.member import (
    AdmissionBlocked,
    Admitted,
    AnswerSought,
    AnswersQuoted,
    ApplicantDue,
    ApplicationExpired,
    CircleSpoke,
    DeclineEnded,
    GraceEnded,
    NewcomerDue,
    PauseEnded,
    PersonSetBack,
    RenewalDue,
    TipDue,
)
from appservice.domain.events.rhythm import FeedDrawn, MeetingDue, OutsideFailed, PromptDue

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
    | PersonSetBack
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
    | GroupSetBack
    | StewardInspected
)
