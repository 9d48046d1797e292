"""Olm sessions with single devices: keeping several for each, encrypting and decrypting."""

# ruff: noqa: PLR0913  (machine and vault go everywhere)

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import orjson
import vodozemac

from appservice.crypto import fields, records
from appservice.crypto.account import device_keys, open_account, own_device, save_account
from appservice.crypto.values import OLM, Device, Json, Machine
from appservice.crypto.vault import Vault

MAX_SESSIONS = 8  # for each device; the longest unused one goes
MAX_OF_USER = 200  # for all devices of a user, also those that they only claim to have
MAX_SEEN = 32  # decrypted messages remembered for each session


class OlmSession(NamedTuple):
    """One stored session; `used_ms`: when it was made or last decrypted something."""

    user_id: str
    curve25519: str
    session_id: str
    pickle: str
    used_ms: int
    seen: tuple[str, ...] = ()


class OlmWriter:
    """Encrypts one to-device message for many devices, with the common parts made once."""

    def __init__(self, machine: Machine, vault: Vault, event_type: str, content: Json) -> None:
        self._machine, self._vault = machine, vault
        self._own = own_device(machine, vault)
        self._payload: Json = {
            "type": event_type,
            "content": _written(content),
            "sender": machine.user_id,
            "sender_device": machine.device_id,
            "keys": {"ed25519": self._own.ed25519},
            "sender_device_keys": _written(device_keys(machine, vault)),  # MSC4147
        }

    def encrypt(self, device: Device) -> Json | None:
        """The content of an m.room.encrypted to-device message; None without an Olm session."""
        stored = sessions(self._vault, device.user_id, device.curve25519)
        if not stored:
            return None
        session = _open(self._machine, stored[0])
        self._payload["recipient"] = device.user_id
        self._payload["recipient_keys"] = {"ed25519": device.ed25519}
        message_type, body = session.encrypt(orjson.dumps(self._payload)).to_parts()
        pickle = session.pickle(self._machine.pickle_key)
        save_session(self._vault, stored[0]._replace(pickle=pickle))
        message = {"type": message_type, "body": fields.encode64(body)}
        return {
            "algorithm": OLM,
            "sender_key": self._own.curve25519,
            "ciphertext": {device.curve25519: message},
        }


def sessions(vault: Vault, user: str, curve25519: str = "") -> list[OlmSession]:
    """The sessions with a device (or with all of a user), the one to use first."""
    kind, owner = records.peer_owner(user)
    found = [
        vault.read((kind, owner, item), partial(_load, user, item))
        for item in vault.owned(kind, owner)
        if item and item.startswith(curve25519)
    ]
    known = [session for session in found if session is not None]
    if len(known) > 1:
        known.sort(key=lambda session: (-session.used_ms, session.session_id))
    return known


def has_session(vault: Vault, device: Device) -> bool:
    items = vault.owned(*records.peer_owner(device.user_id))
    return any(item.startswith(device.curve25519) for item in items)


def save_session(vault: Vault, session: OlmSession) -> None:
    key = records.olm(session.user_id, session.curve25519, session.session_id)
    vault.keep(key, session, _dump)


def begin_outbound(
    machine: Machine, vault: Vault, account: Any, device: Device, one_time_key: str, now_ms: int
) -> bool:
    """Begin a session with a device by one of its (checked) one-time keys; False: no good key."""
    try:
        session = account.create_outbound_session(
            vodozemac.Curve25519PublicKey.from_base64(device.curve25519),
            vodozemac.Curve25519PublicKey.from_base64(one_time_key),
        )
    except ValueError:
        return False
    peer = (device.user_id, device.curve25519)
    older = sessions(vault, *peer)
    used_ms = max(now_ms, older[0].used_ms + 1) if older else now_ms  # the newest goes first
    pickle = session.pickle(machine.pickle_key)
    save_session(vault, OlmSession(*peer, session.session_id, pickle, used_ms))
    _evict(vault, *peer)
    return True


def decrypt(
    machine: Machine, vault: Vault, peer: tuple[str, str], message: object, now_ms: int
) -> tuple[bytes, "Arrival"] | None:
    """Decrypt one Olm message; `message`: {"type", "body"}; `peer`: user id, curve25519.

    None if that cannot be done. Nothing is stored before `Arrival.keep` is called, so that a
    message with a false payload leaves no trace.
    """
    parsed = _parse(message)
    if parsed is None:
        return None
    digest = _digest(parsed)
    begins = parsed.to_pre_key()
    for stored in sessions(vault, *peer):
        if begins is not None and begins.session_id() != stored.session_id:
            continue
        session = _open(machine, stored)
        try:
            octets = session.decrypt(parsed)
        except ValueError:
            continue
        seen = (digest, *stored.seen)[:MAX_SEEN]
        pickle = session.pickle(machine.pickle_key)
        after = stored._replace(pickle=pickle, used_ms=now_ms, seen=seen)
        return octets, Arrival(machine, vault, after)
    if begins is None or vault.get(records.olm(*peer, begins.session_id())) is not None:
        return None
    return _begin_inbound(machine, vault, peer, begins, digest, now_ms)


def was_seen(vault: Vault, peer: tuple[str, str], message: object) -> bool:
    """Whether this very message has been decrypted before (as far as remembered)."""
    parsed = _parse(message)
    if parsed is None:
        return False
    digest = _digest(parsed)
    return any(digest in stored.seen for stored in sessions(vault, *peer))


@dataclass(frozen=True)
class Arrival:
    """A decrypted message whose effect on the session is not yet stored."""

    machine: Machine
    vault: Vault
    session: OlmSession
    account: Any = None  # set when a one-time key was used up

    def keep(self) -> None:
        """The payload was right: store the session (and the account without the key used)."""
        save_session(self.vault, self.session)
        if self.account is not None:
            save_account(self.machine, self.vault, self.account)
            _evict(self.vault, self.session.user_id, self.session.curve25519)


def _begin_inbound(
    machine: Machine, vault: Vault, peer: tuple[str, str], begins: Any, digest: str, now_ms: int
) -> tuple[bytes, Arrival] | None:
    account = open_account(machine, vault)
    try:
        sender_key = vodozemac.Curve25519PublicKey.from_base64(peer[1])
        session, octets = account.create_inbound_session(sender_key, begins)
    except ValueError:
        return None
    pickle = session.pickle(machine.pickle_key)
    stored = OlmSession(*peer, session.session_id, pickle, now_ms, (digest,))
    return octets, Arrival(machine, vault, stored, account)


def _evict(vault: Vault, user: str, curve25519: str) -> None:
    """Keep the newest sessions only, of a device and of a user."""
    gone = sessions(vault, user, curve25519)[MAX_SESSIONS:]
    if len(vault.owned(*records.peer_owner(user))) > MAX_OF_USER:
        gone += sessions(vault, user)[MAX_OF_USER:]
    for session in gone:
        vault.delete(records.olm(user, session.curve25519, session.session_id))


def _written(value: Json) -> orjson.Fragment:
    """JSON that is made once and put into many messages."""
    return orjson.Fragment(orjson.dumps(value))


def _dump(session: OlmSession) -> bytes:
    return records.dump({"pickle": session.pickle, "used": session.used_ms, "seen": session.seen})


def _load(user: str, item: str, record: bytes) -> OlmSession:
    curve25519, _, session_id = item.partition(" ")
    value = records.load(record)
    pickle, used_ms, seen = value["pickle"], value["used"], tuple(value["seen"])
    return OlmSession(user, curve25519, session_id, pickle, used_ms, seen)


def _open(machine: Machine, stored: OlmSession) -> Any:
    return vodozemac.Session.from_pickle(stored.pickle, machine.pickle_key)


def _parse(message: object) -> Any:
    message_type = fields.walk(message, "type")
    body = fields.text(message, "body")
    if type(message_type) is not int or message_type not in (0, 1) or body is None:
        return None
    try:
        return vodozemac.AnyOlmMessage.from_parts(message_type, fields.decode64(body))
    except ValueError:
        return None


def _digest(message: Any) -> str:
    message_type, body = message.to_parts()
    digest = hashlib.sha256(bytes([message_type]) + body).digest()
    return fields.encode64(digest[:9])
