"""The one function that all events go through: what is known, what happened, and now."""

from datetime import datetime
from typing import assert_never

from appservice.domain import (
    applicant_watch,
    chats,
    conversation,
    departure,
    erasure,
    facilitators_room,
    founding,
    grace,
    identities,
    inviting,
    newcomers,
    orientation,
    own_pause,
    prompting,
    reconcile,
    set_back,
    steward_watch,
    sweeping,
    voting,
)
from appservice.domain.buddies import saying as buddies
from appservice.domain.cases import clock as case_clock
from appservice.domain.cases import leaving as case_leaving
from appservice.domain.conduct import pauses, redacting
from appservice.domain.duty import leaving
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
from appservice.domain.gate import admission, too_young
from appservice.domain.ground_rules import change, deadlines
from appservice.domain.group_life import agenda, closing, splitting
from appservice.domain.joint import inside
from appservice.domain.meetings import calendar, clock, outside
from appservice.domain.outcome import NOTHING, Outcome, with_groups
from appservice.domain.paging import ending as paging_ending
from appservice.domain.paging import proving
from appservice.domain.postvention import wrote
from appservice.domain.roles import arriving, offering
from appservice.domain.roles.ordered import ordered
from appservice.domain.roles.presence import noted
from appservice.domain.state import State
from appservice.domain.types import CauseId, RoomKind


def decide(state: State, event: Event, cause: CauseId, now: datetime) -> Outcome:
    """Answer an event. Pure: the same arguments give the same outcome, always."""
    outcome = _decided(state, event, cause, now)
    outcome += inside.followed(state, outcome, cause, now)
    outcome += case_leaving.followed(state, outcome, now)
    outcome += paging_ending.followed(state, outcome, now)
    return outcome + newcomers.followed(state, outcome, now)


def _decided(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line for each
    state: State, event: Event, cause: CauseId, now: datetime
) -> Outcome:
    match event:
        case MessageSaid():
            return _said(state, event, cause, now)
        case PollAnswered():
            return voting.voted(state, event, cause, now)
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
            return founding.founded(state, event) + splitting.founded(state, event)
        case NameTaken():
            return splitting.name_taken(state, event)
        case CodeDrawn():
            return inviting.drawn(state, event, cause, now)
        case RoomMade():
            return founding.room_made(state, event)
        case Admitted():
            said = admission.admitted(state, event, cause, now)
            said += splitting.moved(state, event, cause, now) + buddies.arrived(state, event, now)
            said += pauses.returned(with_groups(state, said), event, said, now)
            return said + arriving.arrived(with_groups(state, said), event, cause, now)
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
        case SweepDue():
            return sweeping.due(state, event, now)
        case PageSwept():
            return sweeping.swept(state, event, cause, now)
        case TakenOut():
            return redacting.taken_out(state, event, cause, now)
        case LifetimeDue():
            return sweeping.lifetime_due(state, event, now)
        case ErasureAsked():
            return erasure.asked_for(state, event, cause, now)
        case Parted():
            return erasure.parted(state, event, cause, now)
        case RetentionEnded():
            return departure.retention_ended(state, event, now)
        case RenewalDue():
            return deadlines.due(state, event, cause, now)
        case PauseEnded():
            return own_pause.ended(state, event, cause, now)
        case TipDue():
            return orientation.due(state, event, cause, now)
        case CircleSpoke():
            return newcomers.spoke(state, event, now)
        case NewcomerDue():
            return newcomers.due(state, event, now)
        case AnswerSought():
            return newcomers.sought(state, event)
        case DeclineEnded():
            return too_young.ended(state, event, now)
        case RatificationDue():
            return change.not_ratified(state, event, cause, now)
        case RoleOrdered():
            return ordered(state, event, cause, now)
        case OfferExpired():
            return offering.expired(state, event, cause, now)
        case DutyDue():
            return leaving.due(state, event, cause, now)
        case GroupDue():
            return agenda.due(state, event, cause, now)
        case MeetingDue():
            return clock.due(state, event, cause, now)
        case PromptDue():
            return prompting.due(state, event, cause, now)
        case CaseDue():
            return case_clock.due(state, event, cause, now)
        case PageFailed():
            return case_clock.page_failed(state, event, cause, now)
        case PageCodeSent():
            return proving.sent(state, event, cause, now)
        case FeedDrawn():
            return calendar.drawn(state, event, cause, now)
        case OutsideFailed():
            return outside.failed(state, event, now)
        case CloseAsked():
            return closing.asked_by_operator(state, event, cause, now)
        case RoomEmptied():
            return closing.emptied(state, event)
        case GroupInspected():
            return reconcile.inspected(state, event, cause, now)
        case GroupSetBack():
            return set_back.group(state, event)
        case PersonSetBack():
            return set_back.person(state, event, cause, now)
        case StewardInspected():
            return steward_watch.inspected(state, event, now)
        case _:
            assert_never(event)


def _said(state: State, event: MessageSaid, cause: CauseId, now: datetime) -> Outcome:
    what = state.room.what if state.room is not None else RoomKind.CHAT
    if what is RoomKind.CHAT:
        answer = conversation.said(state, event, cause, now)
        answer = wrote.noticed(state, event, answer, cause, now)
        return noted(state, event, answer, now)
    if what in (RoomKind.FACILITATORS, RoomKind.CASE):
        return noted(state, event, facilitators_room.said(state, event, cause, now), now)
    return NOTHING  # a noticeboard
