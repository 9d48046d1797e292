"""What happens to a group as a whole: its founding, rooms, roles, rules and end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from appservice.domain.charter import Charter, GroupRole
from appservice.domain.types import GroupId, Matter, RoomId, RoomKind, UserId


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
class GroupDue:
    """Something about a group is to be looked at."""

    group: GroupId
    matter: Matter


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
    left: tuple[UserId, ...] = ()  # who went by themselves, and was not taken out
    bans: Mapping[UserId, UserId] = field(default_factory=dict)  # who is banned, and by whom


@dataclass(frozen=True)
class GroupSetBack:
    """The database is an older copy, which may lack what happened to a group since then."""

    group: GroupId
    since: datetime


@dataclass(frozen=True)
class GroupInspected:
    """The reconciler looked at all rooms of a group."""

    group: GroupId
    rooms: tuple[RoomFacts, ...]
