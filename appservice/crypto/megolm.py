"""Decrypts room events with inbound Megolm sessions (spec: m.megolm.v1.aes-sha2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import vodozemac

from appservice.crypto import fields, records
from appservice.crypto.canonical_json import MAX_INTEGER
from appservice.crypto.devices import devices, need_devices, trust_in
from appservice.crypto.errors import MissingKey, Replayed, Undecryptable
from appservice.crypto.values import MEGOLM, Decrypted, Device, Json, Machine, Trust
from appservice.crypto.vault import Need, Vault


@dataclass(frozen=True)
class Source:
    """Who gave us a session, as its Olm message proved: user id and device keys."""

    user_id: str
    curve25519: str
    ed25519: str


@dataclass(frozen=True)
class _Event:
    """An m.room.encrypted event whose fields have the right shape."""

    event_id: str
    sender: str
    sent_ms: int
    session_id: str
    message: Any
    relation: Any

    @property
    def index(self) -> int:
        return int(self.message.message_index())


def need_room_event(room_id: str, event: object) -> Need:
    """For decrypt_room_event."""
    try:
        parsed = _parse(event)
    except Undecryptable:
        return Need()
    return (
        need_devices([parsed.sender])
        | records.need_owners(records.inbound_owner(room_id, parsed.session_id))
        | records.need_items(records.seen(room_id, parsed.session_id, parsed.index))
    )


def decrypt_room_event(
    machine: Machine, vault: Vault, room_id: str, event: object, now_ms: int
) -> Decrypted:
    """Decrypt an m.room.encrypted event of a room and judge its sender.

    Raises MissingKey, Replayed (its ciphertext came before as another event) and Undecryptable.
    The vault remembers the event: save it together with whatever follows from the event.
    """
    del now_ms  # nothing depends on the time yet; kept so that callers need not change
    parsed = _parse(event)
    inbound = vault.owned(*records.inbound_owner(room_id, parsed.session_id)).values()
    value, source = _decrypt(machine, inbound, room_id, parsed)
    _refuse_replay(vault, room_id, parsed)
    device = _sending_device(vault, source)
    trust = trust_in(vault, parsed.sender, device)
    return _decrypted(parsed, value, source, device.device_id if device else None, trust)


def decrypt_with(
    machine: Machine, inbound: Iterable[bytes], room_id: str, event: object
) -> Decrypted:
    """Decrypt with remembered inbound records and no vault: no replay check, no trust.

    `inbound`: values of the records owned by `need_room_event`'s inbound owner. Raises as
    decrypt_room_event.
    """
    parsed = _parse(event)
    value, source = _decrypt(machine, inbound, room_id, parsed)
    return _decrypted(parsed, value, source, None, Trust())


def open_session_key(session_key: str) -> Any:
    """A vodozemac inbound session from the session_key of an m.room_key, or None."""
    try:
        return vodozemac.InboundGroupSession(vodozemac.SessionKey(session_key))
    except ValueError:
        return None


def keep_inbound(
    machine: Machine, vault: Vault, room_id: str, session: Any, source: Source
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
    vault.put(("sessions", room_id, session.session_id), b"1")


def need_forget_room(room_id: str) -> Need:
    """First step of forgetting a room's keys: which sessions there are."""
    return records.need_owners(("sessions", room_id))


def need_forget_sessions(vault: Vault, room_id: str) -> Need:
    """Second step: what is kept about them."""
    owners = []
    for session_id in vault.owned("sessions", room_id):
        kind, owner = records.inbound_owner(room_id, session_id)
        owners += [(kind, owner), ("seen", owner)]
    return records.need_owners(*owners)


def forget_room(vault: Vault, room_id: str) -> None:
    """Delete all inbound sessions of a room; needs both steps' records."""
    for session_id in vault.owned("sessions", room_id):
        kind, owner = records.inbound_owner(room_id, session_id)
        for each in (kind, "seen"):
            for item in vault.owned(each, owner):
                vault.delete((each, owner, item))
        vault.delete(("sessions", room_id, session_id))


def _parse(event: object) -> _Event:
    content = fields.obj(event, "content")
    sender = fields.user(fields.walk(event, "sender"))
    event_id = fields.identifier(fields.walk(event, "event_id"), "$")
    sent_ms = fields.walk(event, "origin_server_ts")
    if fields.walk(event, "type") != "m.room.encrypted" or content is None or sender is None:
        raise Undecryptable("malformed")
    if event_id is None or not isinstance(sent_ms, int) or abs(sent_ms) > MAX_INTEGER:
        raise Undecryptable("malformed")
    if content.get("algorithm") != MEGOLM:
        raise Undecryptable("algorithm")
    session_id = fields.key(content.get("session_id"))
    ciphertext = fields.text(content, "ciphertext")
    if session_id is None or ciphertext is None:
        raise Undecryptable("malformed")
    try:
        message = vodozemac.MegolmMessage.from_base64(ciphertext)
    except ValueError:
        raise Undecryptable("ciphertext") from None
    relation = content.get("m.relates_to")
    return _Event(event_id, sender, sent_ms, session_id, message, relation)


def _decrypt(
    machine: Machine, inbound: Iterable[bytes], room_id: str, event: _Event
) -> tuple[Json, Source]:
    known = [records.load(record) for record in inbound]
    usable = [v for v in known if v["user"] == event.sender and v["first"] <= event.index]
    if not usable:
        raise MissingKey(room_id, event.session_id, known[0]["curve25519"] if known else None)
    best = min(usable, key=lambda value: (value["first"], value["curve25519"]))
    session = vodozemac.InboundGroupSession.from_pickle(best["pickle"], machine.pickle_key)
    try:
        octets = session.decrypt(event.message).plaintext
    except ValueError:
        raise Undecryptable("ciphertext") from None
    value = fields.parse(octets)
    if value is None or fields.text(value, "type") is None or fields.obj(value, "content") is None:
        raise Undecryptable("payload")
    if value.get("room_id") != room_id:
        raise Undecryptable("room")
    return value, Source(best["user"], best["curve25519"], best["ed25519"])


def _sending_device(vault: Vault, source: Source) -> Device | None:
    for device in devices(vault, source.user_id):
        if (device.curve25519, device.ed25519) == (source.curve25519, source.ed25519):
            return device
    return None


def _refuse_replay(vault: Vault, room_id: str, event: _Event) -> None:
    key = records.seen(room_id, event.session_id, event.index)
    mark = records.dump({"event": event.event_id, "at": event.sent_ms})
    before = vault.get(key)
    if before is not None and before != mark:
        raise Replayed("this ciphertext came before as another event")
    vault.put(key, mark)


def _decrypted(
    event: _Event, value: Json, source: Source, device_id: str | None, trust: Trust
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
