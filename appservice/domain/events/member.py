"""What happens on the way of a member: the gate, the first days, a pause, changed rules."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.types import EventId, GroupId, RoomId, UserId


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
class RenewalDue:
    """Somebody who is asked to agree to changed rules is to be reminded, paused, or taken out."""

    user: UserId
    group: GroupId


@dataclass(frozen=True)
class PersonSetBack:
    """The database is an older copy, which may lack what somebody has told us since then."""

    room: RoomId  # their private chat
    user: UserId
    since: datetime


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
