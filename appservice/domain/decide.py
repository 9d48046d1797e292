"""The one function that all events go through: what is known, what happened, and now."""

from datetime import datetime
from typing import assert_never

from appservice.domain import (
    applicant_watch,
    chats,
    conversation,
    facilitators_room,
    founding,
    grace,
    identities,
    inviting,
    reconcile,
    steward_watch,
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
from appservice.domain.gate import admission
from appservice.domain.ground_rules import change, deadlines
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.types import CauseId, RoomKind


def decide(  # noqa: C901, PLR0911, PLR0912 - one line for each event
    state: State, event: Event, cause: CauseId, now: datetime
) -> Outcome:
    """Answer an event. Pure: the same arguments give the same outcome, always."""
    match event:
        case MessageSaid():
            return _said(state, event, cause, now)
        case MessageUnreadable():
            return conversation.unreadable(state, event, cause, now)
        case MessageShown():
            return chats.shown(state, event)
        case KeeperInvited():
            return chats.keeper_invited(state, event)
        case StewardInvited():
            return chats.steward_invited(state, event)
        case ChatInspected():
            return chats.inspected(state, event, cause, now)
        case ChatOpened():
            return chats.opened(state, event)
        case DeviceTrusted():
            return admission.device_trusted(state, event, cause, now)
        case IdentityChanged():
            return identities.changed(state, event)
        case IdentityConfirmed():
            return identities.confirmed(event)
        case IdentityAccepted():
            return identities.accepted(state, event, cause, now)
        case GroupAsked():
            return founding.founded(state, event)
        case CodeDrawn():
            return inviting.drawn(state, event, cause, now)
        case RoomMade():
            return founding.room_made(state, event)
        case Admitted():
            return admission.admitted(state, event, cause, now)
        case AdmissionBlocked():
            return admission.blocked(state, event, cause, now)
        case ApplicationExpired():
            return admission.expired(state, event, now)
        case ApplicantDue():
            return applicant_watch.due(state, event, cause, now)
        case AnswersQuoted():
            return applicant_watch.quoted(state, event)
        case GraceEnded():
            return grace.ended(state, event, now)
        case RenewalDue():
            return deadlines.due(state, event, cause, now)
        case RatificationDue():
            return change.not_ratified(state, event, cause, now)
        case GroupInspected():
            return reconcile.inspected(state, event, cause, now)
        case StewardInspected():
            return steward_watch.inspected(state, event, now)
        case _:
            assert_never(event)


def _said(state: State, event: MessageSaid, cause: CauseId, now: datetime) -> Outcome:
    what = state.room.what if state.room is not None else RoomKind.CHAT
    if what is RoomKind.CHAT:
        return conversation.said(state, event, cause, now)
    if what is RoomKind.FACILITATORS:
        return facilitators_room.said(state, event, cause, now)
    return NOTHING  # a noticeboard
