"""What is to be done with a group and its rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from appservice.domain.charter import Charter
from appservice.domain.types import GroupId, RoomId, RoomKind, UserId


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
class EmptyRoom:
    """Take everybody out of a room of a group, our own users last; yields RoomEmptied.

    For a room that is of no use any more: its group has closed, or another took its place.
    """

    group: GroupId
    room: RoomId


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
