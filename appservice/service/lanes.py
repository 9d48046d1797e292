"""Which things must happen one after the other: the lanes of inbox and outbox."""

from typing import assert_never

from appservice.domain.effects import (
    AcceptIdentity,
    Admit,
    AnswerVerification,
    DrawCode,
    Effect,
    EnterChat,
    HandOut,
    Leave,
    MakeRoom,
    OpenChat,
    Quote,
    Remove,
    Repair,
    Say,
    SetPowers,
    SwitchEncryptionOn,
    TakeBack,
    TellOperator,
    Unlist,
    Unwake,
    Wake,
)
from appservice.domain.events import (
    AdmissionBlocked,
    Admitted,
    AnswersQuoted,
    ApplicantDue,
    ApplicationExpired,
    ChatInspected,
    ChatOpened,
    CodeDrawn,
    DeviceTrusted,
    Event,
    GraceEnded,
    GroupAsked,
    GroupInspected,
    IdentityAccepted,
    IdentityChanged,
    IdentityConfirmed,
    KeeperInvited,
    MessageSaid,
    MessageShown,
    MessageUnreadable,
    RatificationDue,
    RenewalDue,
    RoomMade,
    StewardInspected,
    StewardInvited,
)


def lane_of_event(event: Event) -> str:
    """Name the lane of an event of our own making."""
    match event:
        case (
            MessageSaid()
            | MessageShown()
            | MessageUnreadable()
            | KeeperInvited()
            | StewardInvited()
            | ChatInspected()
            | ChatOpened()
            | CodeDrawn()
        ):
            return lane_of_room(event.room)
        case DeviceTrusted() | Admitted() | AdmissionBlocked() | ApplicationExpired():
            return f"person {event.user}"
        case GraceEnded() | IdentityChanged() | IdentityConfirmed() | IdentityAccepted():
            return f"person {event.user}"
        case RenewalDue() | ApplicantDue() | AnswersQuoted():
            return f"person {event.user}"
        case GroupAsked() | RoomMade() | GroupInspected() | RatificationDue():
            return f"group {event.group}"
        case StewardInspected():
            return "steward"
        case _:
            assert_never(event)


def lane_of_room(room: str) -> str:
    """Name the lane of what happens in a room."""
    return f"room {room}"


def lane_of_effect(effect: Effect) -> str:
    """Name the lane of an effect: what is said in a room keeps its order."""
    match effect:
        case (
            Say()
            | Quote()
            | HandOut()
            | TakeBack()
            | DrawCode()
            | EnterChat()
            | SwitchEncryptionOn()
            | Leave()
            | Repair()
            | Unlist()
        ):
            return lane_of_room(effect.room)
        case AnswerVerification(user=user, room=room):
            return lane_of_room(room) if room else f"verification {user}"
        case OpenChat() | Admit() | Remove() | AcceptIdentity():
            return f"person {effect.user}"
        case MakeRoom() | SetPowers():
            return f"group {effect.group}"
        case TellOperator() | Wake() | Unwake():
            return "house"
        case _:
            assert_never(effect)
