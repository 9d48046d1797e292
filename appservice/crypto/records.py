"""The kinds of records that the machine keeps, and their keys.

kind            owner              item                     value
account         our user id        our device id            Olm account, our signed device keys, an
                                                            upload not yet acknowledged
own_identity    our user id        ""                       root and private keys of our
                                                            cross-signing identity, and its signed
                                                            public keys
published       a user id of ours  ""                       public cross-signing keys whose private
                                                            keys were thrown away
identity        user id            ""                       cross-signing keys: pinned and current
peer            user id            ""                       verified device keys, is the list
                                                            outdated, what was tried with a device
                                   "curve25519 session-id"  Olm session, last use, messages seen
epoch           ""                 ""                       another one with every change of a list
received        user id            ""                       how many room keys came today
came            day                "room session-id"        "": which inbound sessions came
inbound         "room session-id"  "index sender-key"       inbound Megolm session and its sender
read            "room session-id"  index // 128             what was read at which index: replays
outbound        room id            audience                 outbound Megolm session
shared          room id            audience                 who has the present outbound session

Neither user ids, room ids nor keys can hold a space, so the joined ones are unambiguous. Inbound
sessions are written without reading: a key with another first index stands beside the first. All
values are JSON; secrets in them are sealed by `pickle_key`, save the identity's: the store must
seal every value.
"""

from typing import Any, cast

import orjson

from appservice.crypto.values import Audience, Machine
from appservice.crypto.vault import Key, Need, Owner

EPOCH: Key = ("epoch", "", "")
READ_SPAN = 128  # indexes of a session in one record
DAY_MS = 86_400_000


def dump(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value)


def load(value: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", orjson.loads(value))


def account(machine: Machine) -> Key:
    return ("account", machine.user_id, machine.device_id)


def own_identity(user_id: str) -> Key:
    return ("own_identity", user_id, "")


def published(user_id: str) -> Key:
    return ("published", user_id, "")


def peer_owner(user_id: str) -> Owner:
    return ("peer", user_id)


def peer(user_id: str) -> Key:
    return ("peer", user_id, "")


def identity(user_id: str) -> Key:
    return ("identity", user_id, "")


def olm(user_id: str, curve25519: str, session_id: str) -> Key:
    return ("peer", user_id, f"{curve25519} {session_id}")


def inbound_owner(room_id: str, session_id: str) -> Owner:
    return ("inbound", f"{room_id} {session_id}")


def received(user_id: str) -> Key:
    return ("received", user_id, "")


def came_owner(day: int) -> Owner:
    return ("came", str(day))


def came(day: int, room_id: str, session_id: str) -> Key:
    return (*came_owner(day), f"{room_id} {session_id}")


def read_owner(room_id: str, session_id: str) -> Owner:
    return ("read", f"{room_id} {session_id}")


def read(room_id: str, session_id: str, index: int) -> Key:
    return (*read_owner(room_id, session_id), str(index // READ_SPAN))


def outbound(room_id: str, audience: Audience) -> Key:
    return ("outbound", room_id, audience.value)


def shared(room_id: str, audience: Audience) -> Key:
    return ("shared", room_id, audience.value)


def need_items(*keys: Key) -> Need:
    return Need(items=frozenset(keys))


def need_owners(*owners: Owner) -> Need:
    return Need(owners=frozenset(owners))


OF_OUR_DEVICE = frozenset({"account", "peer", "outbound", "shared"})
"""The kinds that no other device of ours could use: they go when the device is replaced. Device
lists go with the Olm sessions, and are asked for again."""

NEVER_TWICE = frozenset({"outbound", "shared"})
"""The kinds to drop when the records were set back: an index that is used twice gives two messages
the same keys."""
