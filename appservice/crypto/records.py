"""The kinds of records that the machine keeps, and their keys.

kind            owner              item                     value
account         our user id        our device id            Olm account, our signed device keys, an
                                                            upload not yet acknowledged
own_identity    our user id        ""                       root and private keys of our
                                                            cross-signing identity, and its signed
                                                            public keys
published       a user id of ours  ""                       public cross-signing keys whose private
                                                            keys were thrown away
tracked         user id            ""                       is the device list outdated; generation
identity        user id            ""                       cross-signing keys: pinned and current
device          user id            device id                verified device keys
olm             user id            "curve25519 session-id"  Olm session, last use, messages seen
unwedge         user id            curve25519               when we last began a new Olm session
renewed         user id            curve25519               when they last began a new Olm session
keyless         user id            device id                claims that gave no one-time key
sessions        room id            session id               "1": which inbound sessions a room has
inbound         "room session-id"  "index sender-key"       inbound Megolm session and its sender
seen            "room session-id"  message index            event id and time: replay check
outbound        room id            audience                 outbound Megolm session
shared          "room audience"    "user device curve25519" who has the present outbound session

Neither user ids, room ids nor keys can hold a space, so the joined ones are unambiguous. Inbound
sessions are written without reading: a key with another first index stands beside the first. All
values are JSON; secrets in them are sealed by `pickle_key`, save the identity's: the store must
seal every value.
"""

import json
from typing import Any, cast

from appservice.crypto.values import Audience, Machine
from appservice.crypto.vault import Key, Need, Owner

_JSON = json.JSONEncoder(separators=(",", ":"))


def dump(value: dict[str, Any]) -> bytes:
    return _JSON.encode(value).encode()


def load(value: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(value))


def account(machine: Machine) -> Key:
    return ("account", machine.user_id, machine.device_id)


def own_identity(user_id: str) -> Key:
    return ("own_identity", user_id, "")


def published(user_id: str) -> Key:
    return ("published", user_id, "")


def tracked(user_id: str) -> Key:
    return ("tracked", user_id, "")


def identity(user_id: str) -> Key:
    return ("identity", user_id, "")


def device(user_id: str, device_id: str) -> Key:
    return ("device", user_id, device_id)


def olm(user_id: str, curve25519: str, session_id: str) -> Key:
    return ("olm", user_id, f"{curve25519} {session_id}")


def unwedge(user_id: str, curve25519: str) -> Key:
    return ("unwedge", user_id, curve25519)


def renewed(user_id: str, curve25519: str) -> Key:
    return ("renewed", user_id, curve25519)


def keyless(user_id: str, device_id: str) -> Key:
    return ("keyless", user_id, device_id)


def inbound_owner(room_id: str, session_id: str) -> Owner:
    return ("inbound", f"{room_id} {session_id}")


def seen(room_id: str, session_id: str, index: int) -> Key:
    return ("seen", f"{room_id} {session_id}", str(index))


def outbound(room_id: str, audience: Audience) -> Key:
    return ("outbound", room_id, audience.value)


def shared_owner(room_id: str, audience: Audience) -> Owner:
    return ("shared", f"{room_id} {audience.value}")


def need_items(*keys: Key) -> Need:
    return Need(items=frozenset(keys))


def need_owners(*owners: Owner) -> Need:
    return Need(owners=frozenset(owners))


OF_OUR_DEVICE = frozenset({"account", "olm", "outbound", "shared"})
"""The kinds that no other device of ours could use: they go when the device is replaced."""
