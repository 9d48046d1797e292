"""Which things must happen one after the other: the lanes of inbox and outbox."""

from typing import assert_never

from appservice.domain.effects import (
    AcceptIdentity,
    Admit,
    AnswerVerification,
    CheckVideo,
    ClosePoll,
    Convene,
    DrawCode,
    DrawFeed,
    Effect,
    EmptyRoom,
    EnterChat,
    EraseKeys,
    FoundGroup,
    HandOut,
    Leave,
    MakeRoom,
    OpenChat,
    Page,
    PartWith,
    Publish,
    Quote,
    Remove,
    Repair,
    Say,
    SayFile,
    SayPoll,
    SeekAnswer,
    SendPageCode,
    SetPowers,
    ShowPlace,
    SweepPage,
    SwitchEncryptionOn,
    TakeBack,
    TakeOut,
    TellOperator,
    Unban,
    Unlist,
    Unwake,
    Wake,
)
from appservice.domain.events import (
    AdmissionBlocked,
    Admitted,
    AnswerSought,
    AnswersQuoted,
    ApplicantDue,
    ApplicationExpired,
    CaseDue,
    ChatInspected,
    ChatOpened,
    CircleSpoke,
    CloseAsked,
    CodeDrawn,
    DeclineEnded,
    DeviceTrusted,
    DutyDue,
    ErasureAsked,
    Event,
    FeedDrawn,
    GraceEnded,
    GroupAsked,
    GroupDue,
    GroupInspected,
    GroupSetBack,
    IdentityAccepted,
    IdentityChanged,
    IdentityConfirmed,
    KeeperInvited,
    LifetimeDue,
    MeetingDue,
    MessageSaid,
    MessageShown,
    MessageUnreadable,
    NameTaken,
    NewcomerDue,
    OfferExpired,
    OutsideFailed,
    PageCodeSent,
    PageFailed,
    PageSwept,
    Parted,
    PauseEnded,
    PersonSetBack,
    PollAnswered,
    PromptDue,
    RatificationDue,
    RenewalDue,
    RetentionEnded,
    RoleOrdered,
    RoomEmptied,
    RoomMade,
    StewardInspected,
    StewardInvited,
    SweepDue,
    TakenOut,
    TipDue,
)


def lane_of_event(event: Event) -> str:  # noqa: PLR0911 - one line for each
    """Name the lane of an event of our own making."""
    match event:
        case (
            MessageSaid()
            | PollAnswered()
            | MessageShown()
            | MessageUnreadable()
            | KeeperInvited()
            | StewardInvited()
            | ChatInspected()
            | ChatOpened()
            | CodeDrawn()
            | FeedDrawn()
            | PageCodeSent()
            | PersonSetBack()
        ):
            return lane_of_room(event.room)
        case DeviceTrusted() | Admitted() | AdmissionBlocked() | ApplicationExpired():
            return lane_of_person(event.user)
        case GraceEnded() | IdentityChanged() | IdentityConfirmed() | IdentityAccepted():
            return lane_of_person(event.user)
        case ApplicantDue() | AnswersQuoted():
            return lane_of_person(event.user)
        case (
            GroupAsked()
            | RoomMade()
            | GroupInspected()
            | GroupSetBack()
            | RatificationDue()
            | RoleOrdered()
            | OfferExpired()
            | GroupDue()
            | MeetingDue()
            | CaseDue()
            | PageFailed()
            | OutsideFailed()
            | CloseAsked()
            | RoomEmptied()
            | NameTaken()
            | LifetimeDue()
            | TakenOut()
        ):
            return f"group {event.group}"
        case (
            RenewalDue()
            | DutyDue()
            | RetentionEnded()
            | ErasureAsked()
            | Parted()
            | PauseEnded()
            | DeclineEnded()
            | TipDue()
            | CircleSpoke()
            | NewcomerDue()
            | AnswerSought()
            | PromptDue()
        ):
            return lane_of_person(event.user)
        case SweepDue() | PageSwept():
            return f"sweep {event.room}"
        case StewardInspected():
            return "steward"
        case _:
            assert_never(event)


def lane_of_room(room: str) -> str:
    """Name the lane of what happens in a room."""
    return f"room {room}"


def lane_of_person(user: str) -> str:
    """Name the lane of what concerns one person, wherever they are."""
    return f"person {user}"


def lane_of_effect(effect: Effect) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each
    """Name the lane of an effect: what is said in a room keeps its order."""
    match effect:
        case (
            Say()
            | SayPoll()
            | ClosePoll()
            | SayFile()
            | Quote()
            | HandOut()
            | TakeBack()
            | DrawCode()
            | DrawFeed()
            | ShowPlace()
            | EnterChat()
            | SwitchEncryptionOn()
            | Leave()
            | Repair()
            | Unlist()
            | EmptyRoom()
            | TakeOut()
        ):
            return lane_of_room(effect.room)
        case AnswerVerification(user=user, room=room):
            return lane_of_room(room) if room else f"verification {user}"
        case PartWith(user=user, chat=chat):
            return lane_of_room(chat) if chat else lane_of_person(user)
        case OpenChat() | Admit() | Remove() | AcceptIdentity() | EraseKeys() | SeekAnswer():
            return lane_of_person(effect.user)
        case Unban():
            return lane_of_person(effect.user)
        case SweepPage():
            return f"sweep {effect.room}"
        case MakeRoom() | Convene() | SetPowers() | FoundGroup():
            return f"group {effect.group}"
        case Publish():
            return f"calendar {effect.group}"
        case CheckVideo():
            return f"video {effect.group}"
        case Page():  # each by itself: none waits for another that does not go
            return f"page {effect.user} {effect.way} {effect.number} {effect.step}"
        case SendPageCode():
            return f"page code {effect.user}"
        case TellOperator() | Wake() | Unwake():
            return "house"
        case _:
            assert_never(effect)
