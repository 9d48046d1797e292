"""Takes in to-device messages: decrypts, checks the sender, keeps room keys, reports the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from appservice.crypto import fields, megolm, olm, records
from appservice.crypto.account import need_account, own_device
from appservice.crypto.devices import devices, mark, need_peers
from appservice.crypto.keys_query import read_device
from appservice.crypto.reports import (
    Dropped,
    DummyReceived,
    KeyWithheld,
    OtherToDevice,
    Received,
    Repeated,
    RoomKeyReceived,
    Wedged,
)
from appservice.crypto.values import MEGOLM, OLM, Json, Machine
from appservice.crypto.vault import Need, Vault

MAX_CONTENT = 64 * 1024  # octets
MAX_ROOM_KEYS = 200  # from one user on one day
_ONLY_ENCRYPTED = ("m.room_key", "m.forwarded_room_key", "m.dummy", "m.secret.send")


def need_to_device(machine: Machine, events: Iterable[object]) -> Need:
    senders = {user for event in events if (user := fields.user(fields.walk(event, "sender")))}
    received = records.need_items(*map(records.received, senders))
    return need_account(machine) | need_peers(senders) | received


def receive_to_device(
    machine: Machine, vault: Vault, events: Sequence[object], now_ms: int
) -> list[Received]:
    """One report for each message, in order; `events`: to_device.events of /sync.

    Raises NoAccount, and nothing on account of the events.
    """
    own_device(machine, vault)
    return [_receive(machine, vault, event, now_ms) for event in events]


def _receive(machine: Machine, vault: Vault, event: object, now_ms: int) -> Received:
    sender = fields.user(fields.walk(event, "sender"))
    event_type = fields.text(event, "type")
    content = fields.obj(event, "content")
    if sender is None or event_type is None or content is None:
        return Dropped("malformed")
    size = fields.size(content)
    if size is None or size > MAX_CONTENT:
        return Dropped("too_large", sender)
    if event_type == "m.room.encrypted":
        return _encrypted(machine, vault, sender, content, now_ms)
    if event_type == "m.room_key.withheld":
        return _withheld(sender, content)
    if event_type in _ONLY_ENCRYPTED:
        return Dropped("not_encrypted", sender)
    return OtherToDevice(event_type, sender, None, content)


def _encrypted(
    machine: Machine, vault: Vault, sender: str, content: Json, now_ms: int
) -> Received:
    own = own_device(machine, vault)
    sender_key = fields.key(content.get("sender_key"))
    message = fields.walk(content, "ciphertext", own.curve25519)
    if content.get("algorithm") != OLM or sender_key is None or message is None:
        return Dropped("not_for_us", sender)
    peer = (sender, sender_key)
    opened = olm.decrypt(machine, vault, peer, message, now_ms)
    if opened is None:
        if olm.was_seen(vault, peer, message):
            return Repeated(sender, sender_key)
        known = any(device.curve25519 == sender_key for device in devices(vault, sender))
        return Wedged(*peer) if known else Dropped("undecryptable", sender)
    octets, arrival = opened
    payload = fields.parse(octets)
    if payload is None or (reason := _mistake(machine, vault, peer, payload)):
        return Dropped("payload" if payload is None else reason, sender)
    arrival.keep()
    return _opened(machine, vault, peer, payload, now_ms)


def _mistake(machine: Machine, vault: Vault, peer: tuple[str, str], payload: Json) -> str:
    """Why the payload is not to be believed (spec: m.olm.v1.curve25519-aes-sha2), or ""."""
    own = own_device(machine, vault)
    ed25519 = fields.key(fields.walk(payload, "keys", "ed25519"))
    claimed = payload.get("sender_device_keys")
    others = [d for d in devices(vault, peer[0]) if d.curve25519 == peer[1]]
    content = fields.obj(payload, "content")
    checks = {
        "sender": payload.get("sender") == peer[0] and ed25519 is not None,
        "recipient": payload.get("recipient") == machine.user_id,
        "recipient_keys": fields.walk(payload, "recipient_keys", "ed25519") == own.ed25519,
        "payload": fields.text(payload, "type") is not None and content is not None,
        "keys": all(device.ed25519 == ed25519 for device in others),
        "sender_device_keys": claimed is None or _describes(claimed, peer, ed25519),
    }
    return next((reason for reason, right in checks.items() if not right), "")


def _describes(claimed: object, peer: tuple[str, str], ed25519: str | None) -> bool:
    """Whether MSC4147's sender_device_keys are signed and name the keys that were used."""
    device_id = fields.identifier(fields.walk(claimed, "device_id"))
    device = None if device_id is None else read_device(claimed, peer[0], device_id, None)
    return device is not None and (device.curve25519, device.ed25519) == (peer[1], ed25519)


def _opened(
    machine: Machine, vault: Vault, peer: tuple[str, str], payload: Json, now_ms: int
) -> Received:
    sender, sender_key = peer
    content: Json = payload["content"]
    event_type: str = payload["type"]
    if event_type == "m.room_key":
        source = megolm.Source(*peer, payload["keys"]["ed25519"])
        return _room_key(machine, vault, source, content, now_ms)
    if event_type == "m.forwarded_room_key":  # nobody can vouch for whose it was
        return Dropped("forwarded", sender)
    if event_type == "m.dummy":
        for device in devices(vault, sender):
            if device.curve25519 == sender_key:
                mark(vault, device, lambda marks: replace(marks, renewed_ms=now_ms))
        return DummyReceived(sender, sender_key)
    return OtherToDevice(event_type, sender, sender_key, content)


def _room_key(
    machine: Machine, vault: Vault, source: megolm.Source, content: Json, now_ms: int
) -> Received:
    room_id = fields.room(content.get("room_id"))
    session_key = fields.text(content, "session_key")
    session: Any = None if session_key is None else megolm.open_session_key(session_key)
    if content.get("algorithm") != MEGOLM or room_id is None or session is None:
        return Dropped("room_key", source.user_id)
    if session.session_id != content.get("session_id"):
        return Dropped("room_key", source.user_id)
    if not _count(vault, source.user_id, now_ms):
        return Dropped("too_many", source.user_id)
    megolm.keep_inbound(machine, vault, room_id, session, source, now_ms)
    return RoomKeyReceived(room_id, session.session_id, source.user_id, source.curve25519)


def _count(vault: Vault, sender: str, now_ms: int) -> bool:
    """Count a room key of a sender's; False if there were too many today."""
    key, day = records.received(sender), now_ms // records.DAY_MS
    before = vault.read(key, records.load) or {}
    count = before["count"] + 1 if before.get("day") == day else 1
    if count > MAX_ROOM_KEYS:
        return False
    vault.keep(key, {"day": day, "count": count}, records.dump)
    return True


def _withheld(sender: str, content: Json) -> Received:
    code = fields.text(content, "code")
    if code is None or content.get("algorithm") != MEGOLM:
        return Dropped("malformed", sender)
    room_id = fields.room(content.get("room_id"))
    return KeyWithheld(room_id, fields.key(content.get("session_id")), sender, code)
