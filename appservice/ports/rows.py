"""What waits in the two boxes: what came in, and what is to be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appservice.domain.effects import Effect
from appservice.domain.events import Event
from appservice.domain.types import CauseId, EffectId

Json = dict[str, Any]


@dataclass(frozen=True)
class Arrival:
    """Something that came in: a row of the inbox.

    `source` says how to read `body`: `matrix` (a client event as the homeserver sent it, circles'
    messages never among them), `event` (a domain event of our own: from a timer, the command
    line, a performed effect) or `malformed` (nobody could read it; the body is empty). Rows of one
    `lane` are handled in order, lanes in parallel.
    """

    id: CauseId  # event id, timer key and due time, or effect id; unique for ever
    lane: str
    source: str  # "matrix" | "event"
    body: Json | Event
    received: datetime
    row: int = 0  # given by the store; order within the lane
    attempts: int = 0


@dataclass(frozen=True)
class Prepared:
    """An encrypted message, ready to be sent; a retry sends the same bytes."""

    to_device: tuple[tuple[str, Json], ...]  # (event type, messages by user and device)
    event_type: str
    content: Json
    fingerprint: str  # SHA-256 of the ciphertext, hex: how we know our own message again


@dataclass(frozen=True)
class Posting:
    """An effect to be carried out: a row of the outbox."""

    id: EffectId
    lane: str
    effect: Effect
    created: datetime
    row: int = 0
    attempts: int = 0
    prepared: Prepared | None = None
    keys_sent: bool = False  # the to-device messages of `prepared` have been sent


@dataclass(frozen=True)
class Parked:
    """Work that needs a person: never its content, only what it is."""

    id: str
    box: str  # "inbox" | "outbox"
    what: str  # the effect's or event's name
    reason: str
    since: datetime
