"""Decrypts room events with inbound Megolm sessions (spec: m.megolm.v1.aes-sha2)."""

# ruff: noqa: PLR0913  (machine and vault go everywhere)

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import vodozemac

from appservice.crypto import fields, records
from appservice.crypto.canonical_json import MAX_INTEGER
from appservice.crypto.devices import devices, need_devices, trust_in
from appservice.crypto.errors import MissingKey, Replayed, Undecryptable
from appservice.crypto.values import MEGOLM, Decrypted, Device, Json, Machine, Trust
from appservice.crypto.vault import Key, Need, Owner, Vault


@dataclass(frozen=True)
class Source:
    """Who gave us a session, as its Olm message proved: user id and device keys."""

    user_id: str
    curve25519: str
    ed25519: str


@dataclass(frozen=True)
class _Inbound:
    """A stored session, opened; `first`: the index from which it reads."""

    source: Source
    first: int
    session: Any


@dataclass(frozen=True)
class RoomEvent:
    """An m.room.encrypted event whose fields have the right shape; made by `room_event`."""

    room_id: str
    event_id: str
    sender: str
    sent_ms: int
    session_id: str
    index: int
    message: Any = field(repr=False)
    relation: Any = field(repr=False)

    @property
    def inbound(self) -> Owner:
        """The owner of the records that it can be decrypted with."""
        return records.inbound_owner(self.room_id, self.session_id)

    @property
    def read(self) -> Key:
        return records.read(self.room_id, self.session_id, self.index)


def room_event(room_id: str, event: object) -> RoomEvent:
    """Take an event of a room from its JSON; raises Undecryptable if it cannot be one."""
    if not isinstance(event, dict) or event.get("type") != "m.room.encrypted":
        raise Undecryptable("malformed")
    sender, event_id = (
        fields.user(event.get("sender")),
        fields.identifier(event.get("event_id"), "$"),
    )
    sent_ms, content = event.get("origin_server_ts"), event.get("content")
    if sender is None or event_id is None or not isinstance(content, dict):
        raise Undecryptable("malformed")
    if not isinstance(sent_ms, int) or abs(sent_ms) > MAX_INTEGER:
        raise Undecryptable("malformed")
    if content.get("algorithm") != MEGOLM:
        raise Undecryptable("algorithm")
    session_id = fields.identifier(content.get("session_id"))
    ciphertext = content.get("ciphertext")
    if session_id is None or not isinstance(ciphertext, str):
        raise Undecryptable("malformed")
    try:
        message = vodozemac.MegolmMessage.from_base64(ciphertext)
    except ValueError:
        raise Undecryptable("ciphertext") from None
    index, relation = message.message_index(), content.get("m.relates_to")
    return RoomEvent(room_id, event_id, sender, sent_ms, session_id, index, message, relation)


def need_room_events(events: Iterable[RoomEvent]) -> Need:
    """For decrypt_room_event with each of them, in one vault."""
    events = list(events)
    return need_devices({event.sender for event in events}) | Need(
        frozenset(event.inbound for event in events), frozenset(event.read for event in events)
    )


def decrypt_room_event(machine: Machine, vault: Vault, event: RoomEvent) -> Decrypted:
    """Decrypt an event and judge its sender.

    Raises MissingKey, Replayed (its ciphertext came before as another event) and Undecryptable.
    The vault remembers the event: save it together with whatever follows from the event.
    """
    kind, owner = event.inbound
    opener = _opener(machine)
    opened = (vault.read((kind, owner, item), opener) for item in vault.owned(kind, owner))
    value, source = _decrypt(filter(None, opened), event)
    _refuse_replay(vault, event)
    device = _sending_device(vault, source)
    trust = trust_in(vault, event.sender, device)
    return _decrypted(event, value, source, device.device_id if device else None, trust)


def inbound_records(vault: Vault, event: RoomEvent) -> tuple[bytes, ...]:
    """The records that an event can be decrypted with, to be remembered for decrypt_with."""
    kind, owner = event.inbound
    return tuple(
        filter(None, (vault.get((kind, owner, item)) for item in vault.owned(kind, owner)))
    )


def decrypt_with(machine: Machine, inbound: Iterable[bytes], event: RoomEvent) -> Decrypted:
    """Decrypt with remembered `inbound_records` and no vault: no replay check, no trust.

    Raises as decrypt_room_event.
    """
    value, source = _decrypt(map(_opener(machine), inbound), event)
    return _decrypted(event, value, source, None, Trust())


def open_session_key(session_key: str) -> Any:
    """A vodozemac inbound session from the session_key of an m.room_key, or None."""
    try:
        return vodozemac.InboundGroupSession(vodozemac.SessionKey(session_key))
    except ValueError:
        return None


def keep_inbound(
    machine: Machine, vault: Vault, room_id: str, session: Any, source: Source, now_ms: int
) -> None:
    """Store an inbound session beside those with another first index or another sender."""
    kind, owner = records.inbound_owner(room_id, session.session_id)
    value = {
        "pickle": session.pickle(machine.pickle_key),
        "first": session.first_known_index,
        "user": source.user_id,
        "curve25519": source.curve25519,
        "ed25519": source.ed25519,
    }
    item = f"{session.first_known_index} {source.curve25519}"
    vault.put((kind, owner, item), records.dump(value))
    vault.put(records.came(now_ms // records.DAY_MS, room_id, session.session_id), b"")


def _opener(machine: Machine) -> Callable[[bytes], _Inbound]:
    def opened(record: bytes) -> _Inbound:
        value = records.load(record)
        session = vodozemac.InboundGroupSession.from_pickle(value["pickle"], machine.pickle_key)
        source = Source(value["user"], value["curve25519"], value["ed25519"])
        return _Inbound(source, value["first"], session)

    return opened


def _decrypt(known: Iterable[_Inbound], event: RoomEvent) -> tuple[Json, Source]:
    known = list(known)
    usable = [
        inbound
        for inbound in known
        if inbound.source.user_id == event.sender and inbound.first <= event.index
    ]
    if not usable:
        sender_key = known[0].source.curve25519 if known else None
        raise MissingKey(event.room_id, event.session_id, sender_key)
    best = min(usable, key=lambda inbound: (inbound.first, inbound.source.curve25519))
    try:
        octets = best.session.decrypt(event.message).plaintext
    except ValueError:
        raise Undecryptable("ciphertext") from None
    value = fields.parse(octets)
    if (
        value is None
        or not isinstance(value.get("type"), str)
        or not isinstance(value.get("content"), dict)
    ):
        raise Undecryptable("payload")
    if value.get("room_id") != event.room_id:
        raise Undecryptable("room")
    return value, best.source


def _sending_device(vault: Vault, source: Source) -> Device | None:
    for device in devices(vault, source.user_id):
        if (device.curve25519, device.ed25519) == (source.curve25519, source.ed25519):
            return device
    return None


def _refuse_replay(vault: Vault, event: RoomEvent) -> None:
    marks = vault.read(event.read, records.load) or {}
    named = f"{event.event_id} {event.sent_ms}".encode()
    mark, index = sha256(named).hexdigest()[:24], str(event.index)
    if marks.get(index, mark) != mark:
        raise Replayed("this ciphertext came before as another event")
    vault.keep(event.read, {**marks, index: mark}, records.dump)


def _decrypted(
    event: RoomEvent, value: Json, source: Source, device_id: str | None, trust: Trust
) -> Decrypted:
    content: Json = value["content"]
    if event.relation is not None and "m.relates_to" not in content:
        content = {**content, "m.relates_to": event.relation}  # it travels in clear only
    return Decrypted(
        sender=event.sender,
        sender_key=source.curve25519,
        device_id=device_id,
        type=value["type"],
        content=content,
        trust=trust,
        session_id=event.session_id,
        index=event.index,
    )
