"""What `receive_to_device` tells about each to-device message."""

from dataclasses import dataclass, field

from appservice.crypto.values import Json


@dataclass(frozen=True)
class RoomKeyReceived:
    """A Megolm session is here now: events set aside for it can be tried again."""

    room_id: str
    session_id: str
    sender: str
    sender_key: str


@dataclass(frozen=True)
class KeyWithheld:
    """A sender says that it will not give us a room key (spec: m.room_key.withheld)."""

    room_id: str | None
    session_id: str | None
    sender: str
    code: str


@dataclass(frozen=True)
class DummyReceived:
    """The other side began a new Olm session (spec: m.dummy)."""

    sender: str
    sender_key: str


@dataclass(frozen=True)
class OtherToDevice:
    """Any other message; `sender_key` is None when it came unencrypted."""

    type: str
    sender: str
    sender_key: str | None
    content: Json = field(repr=False)


@dataclass(frozen=True)
class Wedged:
    """An Olm message of a known device cannot be decrypted: see `unwedge_claim`."""

    sender: str
    sender_key: str


@dataclass(frozen=True)
class Repeated:
    """An Olm message that had been decrypted before; nothing was done."""

    sender: str
    sender_key: str


@dataclass(frozen=True)
class Dropped:
    """A message was dropped; `reason` is a short code for statistics."""

    reason: str
    sender: str | None = None


Received = (
    RoomKeyReceived | KeyWithheld | DummyReceived | OtherToDevice | Wedged | Repeated | Dropped
)
