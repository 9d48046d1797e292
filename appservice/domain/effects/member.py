"""Who is to come in, who is to go, and who is looked after."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.types import GroupId, RoomId, UserId


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
class SeekAnswer:
    """Look, as the steward, whether anybody else wrote in a circle after then.

    Yields AnswerSought. Only who wrote when is looked at.
    """

    user: UserId
    group: GroupId
    circle: RoomId
    since: datetime
