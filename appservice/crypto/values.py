"""The values that go into and come out of the encryption machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

Json = dict[str, Any]

OLM = "m.olm.v1.curve25519-aes-sha2"
MEGOLM = "m.megolm.v1.aes-sha2"
ONE_TIME_KEY = "signed_curve25519"


@dataclass(frozen=True)
class Machine:
    """Who we are: one device of one user. `pickle_key`: 32 bytes that seal vodozemac's pickles."""

    user_id: str
    device_id: str
    pickle_key: bytes = field(repr=False)


class Audience(StrEnum):
    """Who gets the room key; a room has one outbound Megolm session for each audience."""

    SIGNED = "signed"  # devices that their owner has cross-signed
    ALL = "all"  # every device: `help` and the steps to verify a device only


@dataclass(frozen=True)
class Rotation:
    """When a room's outbound session is worn out (spec: m.room.encryption)."""

    messages: int = 100
    age_ms: int = 604_800_000

    @staticmethod
    def of(content: object) -> "Rotation":
        """Take it from the content of `m.room.encryption`; wrong values give the defaults."""
        fields = content if isinstance(content, dict) else {}
        messages = fields.get("rotation_period_msgs")
        age = fields.get("rotation_period_ms")
        default = Rotation()
        return Rotation(
            messages=min(_positive(messages) or default.messages, 10_000),
            # a session for less than an hour would only wear out the recipients; one that lasts
            # for ever could never be forgotten
            age_ms=min(max(_positive(age) or default.age_ms, 3_600_000), 2_592_000_000),
        )


class Device(NamedTuple):
    """A device of somebody: self-signature checked; `signed`: by its owner's self-signing key."""

    user_id: str
    device_id: str
    curve25519: str
    ed25519: str
    signed: bool
    encrypts: bool = True  # it says that it can do Olm and Megolm


@dataclass(frozen=True)
class Trust:
    """How far a message's sender is proven.

    `signed`: the device belongs to the event's sender and is cross-signed by their identity as it
    is now. `pinned_identity_changed`: that identity is not the one we first saw (or accepted).
    """

    signed: bool = False
    pinned_identity_changed: bool = False


@dataclass(frozen=True)
class Decrypted:
    """A decrypted room event. `device_id` is None while the sending device is unknown."""

    sender: str
    sender_key: str
    device_id: str | None
    type: str
    content: Json = field(repr=False)
    trust: Trust
    session_id: str
    index: int


class Change(StrEnum):
    """What a /keys/query answer told that was not known before."""

    DEVICE_ADDED = "device_added"
    DEVICE_REMOVED = "device_removed"
    DEVICE_SIGNED = "device_signed"
    DEVICE_UNSIGNED = "device_unsigned"
    DEVICE_REFUSED = "device_refused"  # bad signature, wrong id, or other keys than before
    IDENTITY_FIRST_SEEN = "identity_first_seen"
    IDENTITY_CHANGED = "identity_changed"
    IDENTITY_GONE = "identity_gone"
    IDENTITY_REFUSED = "identity_refused"  # malformed or not signed by its master key


@dataclass(frozen=True)
class DeviceChange:
    kind: Change
    user_id: str
    device_id: str | None = None


@dataclass(frozen=True)
class KeysQuery:
    """A body for POST /keys/query, and the state of the lists when it was made."""

    body: Json
    asked: Mapping[str, int]


@dataclass(frozen=True)
class ToDeviceBatch:
    """For PUT /sendToDevice/{event_type}/{txnId}; `messages`: user id → device id → content."""

    event_type: str
    messages: dict[str, dict[str, Json]] = field(repr=False)


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 and value is not True else None
