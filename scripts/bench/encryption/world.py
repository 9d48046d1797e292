"""Devices, keys and events as a homeserver would hand them out: the same for all who are measured.

A world is JSON, so that another program can read it from a file.
"""

import base64
import json
from itertools import cycle, islice
from typing import Any

import vodozemac

from appservice import crypto
from scripts.bench.encryption.jobs import DEVICES, EVENTS, MESSAGE, ROOM, SENDERS, Json

TOGETHER = 100  # events in a transaction
OLM, MEGOLM = "m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"
_SINCE = 1_700_000_000_000


def make(senders: int = SENDERS, events: int = EVENTS, others: int = 0) -> Json:
    """Make a room of a thousand readers and some senders, and `others` with ten devices each.

    `query`, `claim`, `claimed`: answer of /keys/query, body and answer of /keys/claim.
    `transactions`: their text. `senders`: who sent the events, and with which Megolm session.
    """
    readers = {f"@reader-{number}:hs": vodozemac.Account() for number in range(DEVICES)}
    sending = {f"@sender-{number}:hs": vodozemac.Account() for number in range(senders)}
    people = {user: {"PHONE": account} for user, account in {**readers, **sending}.items()}
    for number in range(others):
        people[f"@other-{number}:hs"] = {f"DEVICE{n}": vodozemac.Account() for n in range(10)}
    query: Json = {"device_keys": {}, "master_keys": {}, "self_signing_keys": {}, "failures": {}}
    for user, accounts in people.items():
        for part, value in published(user, accounts).items():
            query[part][user] = value
    sessions = {user: vodozemac.GroupSession() for user in sending}
    told = [_told(user, sending[user], sessions[user]) for user in sending]
    return {
        "readers": list(readers),
        "query": query,
        "claim": {"one_time_keys": {user: {"PHONE": "signed_curve25519"} for user in readers}},
        "claimed": {"one_time_keys": {u: {"PHONE": _one_time(u, a)} for u, a in readers.items()}},
        "senders": told,
        "transactions": _transactions(told, sessions, events),
    }


def published(user: str, accounts: dict[str, Any]) -> Json:
    """Make the keys of a user's devices, cross-signed by a new identity."""
    master, signer = vodozemac.Account(), vodozemac.Account()
    self_signing = _cross_signing(user, "self_signing", signer)
    return {
        "device_keys": {
            name: _signed(_device(user, name, account), user, None, signer)
            for name, account in accounts.items()
        },
        "master_keys": _cross_signing(user, "master", master),
        "self_signing_keys": _signed(self_signing, user, None, master),
    }


def _device(user: str, name: str, account: Any) -> Json:
    public = {
        "user_id": user,
        "device_id": name,
        "algorithms": [OLM, MEGOLM],
        "keys": {
            f"curve25519:{name}": account.curve25519_key.to_base64(),
            f"ed25519:{name}": account.ed25519_key.to_base64(),
        },
    }
    return _signed(public, user, name, account)


def room_keys(world: Json, own: crypto.Device, fallback: str) -> list[Json]:
    """Make the to-device events by which the senders give their keys to a device."""
    return [_room_key(sender, own, fallback) for sender in world["senders"]]


def _room_key(sender: Json, own: crypto.Device, fallback: str) -> Json:
    account = vodozemac.Account.from_pickle(sender["account"], bytes(32))
    keys = map(vodozemac.Curve25519PublicKey.from_base64, (own.curve25519, fallback))
    payload = {
        "type": "m.room_key",
        "content": {
            "algorithm": MEGOLM,
            "room_id": ROOM,
            "session_id": sender["session_id"],
            "session_key": sender["session_key"],
        },
        "sender": sender["user"],
        "keys": {"ed25519": sender["ed25519"]},
        "recipient": own.user_id,
        "recipient_keys": {"ed25519": own.ed25519},
    }
    session = account.create_outbound_session(*keys)
    kind, body = session.encrypt(json.dumps(payload).encode()).to_parts()
    message = {"type": kind, "body": base64.b64encode(body).decode().rstrip("=")}
    content = {
        "algorithm": OLM,
        "sender_key": sender["curve25519"],
        "ciphertext": {own.curve25519: message},
    }
    return {"type": "m.room.encrypted", "sender": sender["user"], "content": content}


def _told(user: str, account: Any, session: Any) -> Json:
    return {
        "user": user,
        "account": account.pickle(bytes(32)),
        "curve25519": account.curve25519_key.to_base64(),
        "ed25519": account.ed25519_key.to_base64(),
        "session_id": session.session_id,
        "session_key": session.session_key.to_base64(),
    }


def _transactions(senders: list[Json], sessions: dict[str, Any], count: int) -> list[str]:
    said = {"type": "m.room.message", "content": MESSAGE, "room_id": ROOM}
    plain = json.dumps(said).encode()
    turns = islice(cycle(senders), count)
    events = [
        _event(number, sender, sessions[sender["user"]], plain)
        for number, sender in enumerate(turns)
    ]
    cuts = range(0, count, TOGETHER)
    return [json.dumps({"events": events[at : at + TOGETHER]}) for at in cuts]


def _event(number: int, sender: Json, session: Any, plain: bytes) -> Json:
    return {
        "type": "m.room.encrypted",
        "sender": sender["user"],
        "event_id": f"$event-{number}",
        "origin_server_ts": _SINCE + number,
        "room_id": ROOM,
        "content": {
            "algorithm": MEGOLM,
            "ciphertext": session.encrypt(plain).to_base64(),
            "session_id": session.session_id,
            "device_id": "PHONE",
            "sender_key": sender["curve25519"],
        },
    }


def _one_time(user: str, account: Any) -> Json:
    account.generate_one_time_keys(1)
    ((name, key),) = account.one_time_keys.items()
    return {f"signed_curve25519:{name}": _signed({"key": key.to_base64()}, user, "PHONE", account)}


def _cross_signing(user: str, usage: str, account: Any) -> Json:
    public = account.ed25519_key.to_base64()
    return {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def _signed(value: Json, user: str, key_id: str | None, account: Any) -> Json:
    """Sign as `key_id`, or as a cross-signing key, which is named by itself."""
    name = key_id or account.ed25519_key.to_base64()
    return crypto.sign_json(value, user, name, lambda octets: account.sign(octets).to_base64())
