"""What is to be done with private chats, and with the identities of those in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from appservice.domain.types import RoomId, UserId


@dataclass(frozen=True)
class EnterChat:
    """Join as the keeper and look who is there; yields ChatInspected."""

    room: RoomId


@dataclass(frozen=True)
class OpenChat:
    """Make an encrypted private chat with somebody; yields ChatOpened. Never greets."""

    user: UserId


@dataclass(frozen=True)
class SwitchEncryptionOn:
    """Switch encryption on in a private chat where the keeper has the power."""

    room: RoomId


@dataclass(frozen=True)
class Leave:
    """Leave a room, or decline its invitation, without a word."""

    room: RoomId
    who: UserId  # the keeper or the steward


@dataclass(frozen=True)
class AcceptIdentity:
    """Let an identity count, if it still is the one that somebody has; yields IdentityAccepted."""

    user: UserId
    master_key: str
    by: UserId | None = None  # the facilitator who spoke with them; None: the operator


@dataclass(frozen=True)
class AnswerVerification:
    """Send a message of a verification by emoji: in the private chat, or to a device ("*": all).

    No rule makes it: what to answer is the encryption machine's to say.
    """

    user: UserId
    type: str
    content: Mapping[str, object]
    room: RoomId | None = None
    device: str = "*"
    plain: bool = False  # in clear, as it was asked
