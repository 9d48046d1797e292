"""Who is to be asked outside of Matrix to look at a case."""

from dataclasses import dataclass

from appservice.domain.types import GroupId, RoomId, UserId


@dataclass(frozen=True)
class Page:
    """Ask somebody outside of Matrix to look at a case; yields PageFailed where that fails.

    Nothing of the case is told but its number.
    """

    user: UserId
    way: str  # the name of a bridge: email | ntfy | webhook
    address: str
    group: GroupId
    number: int
    step: str  # of the case's clock, that asks
    language: str
    drill: bool = False


@dataclass(frozen=True)
class SendPageCode:
    """Draw a code by the name of this effect, and send it to an address; yields PageCodeSent."""

    room: RoomId
    user: UserId
    way: str
    address: str
    language: str
