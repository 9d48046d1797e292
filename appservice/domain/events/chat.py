"""What happens in private chats and facilitators' rooms: messages, polls, who is there."""

from dataclasses import dataclass

from appservice.domain.types import Assurance, EffectId, EventId, Form, NameTells, RoomId, UserId


@dataclass(frozen=True)
class MessageSaid:
    """Somebody wrote to the keeper, in a private chat or a facilitators' room."""

    room: RoomId
    user: UserId
    event: EventId
    text: str  # empty unless `form` is TEXT
    form: Form
    assurance: Assurance
    reply_to: EffectId | None = None  # our message that this one replies to
    has_signed_device: bool = False  # some device of theirs is cross-signed
    identity_changed: bool = False  # by an identity that is neither the first seen nor accepted


@dataclass(frozen=True)
class PollAnswered:
    """Somebody answered a poll of the keeper's by its buttons; no answers: they took theirs back.

    MSC3381, "poll response".
    """

    room: RoomId
    user: UserId
    event: EventId
    poll: EffectId
    answers: tuple[str, ...]  # ids of choices, as they were sent
    assurance: Assurance
    has_signed_device: bool = False


@dataclass(frozen=True)
class MessageUnreadable:
    """A message could not be decrypted and its key did not come in time."""

    room: RoomId
    user: UserId
    event: EventId


@dataclass(frozen=True)
class MessageShown:
    """Our own message came back from the homeserver: it stands in the room now."""

    room: RoomId
    user: UserId  # whose private chat it is
    message: EffectId


@dataclass(frozen=True)
class KeeperInvited:
    """Somebody invited the keeper to a room."""

    room: RoomId
    inviter: UserId


@dataclass(frozen=True)
class StewardInvited:
    """Somebody invited the steward to a room that is not ours."""

    room: RoomId
    inviter: UserId


@dataclass(frozen=True)
class ChatInspected:
    """The keeper looked who is in a room that it joined, or where somebody came or went."""

    room: RoomId
    user: UserId | None  # the one other member; None: there is none or more than one
    joined: tuple[UserId, ...]  # without the keeper
    invited: tuple[UserId, ...]
    encrypted: bool
    can_encrypt: bool  # the keeper has the power to switch encryption on
    rotation_messages: int = 100
    rotation_ms: int = 604_800_000
    inside: bool = True  # False: the keeper is not in it any more, and saw nothing
    name_tells: NameTells = NameTells.NOTHING  # the display name of `user`
    zone: str | None = None  # by the profile of `user` (m.tz), empty: by none; None: not known


@dataclass(frozen=True)
class ChatOpened:
    """The keeper made a private chat of its own and invited `user`."""

    room: RoomId
    user: UserId
