"""Outbound Megolm sessions: made, kept, worn out, used to encrypt, reserved ahead."""

# ruff: noqa: PLR0913  (machine and vault go everywhere)

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

import orjson
import vodozemac

from appservice.crypto import fields, megolm, records
from appservice.crypto.account import need_account, own_device
from appservice.crypto.errors import LifelineSpent, NoOutboundSession
from appservice.crypto.values import MEGOLM, Audience, Json, Machine, Rotation
from appservice.crypto.vault import Need, Vault


@dataclass(frozen=True)
class OutboundSession:
    """A stored session; `index`: of its next message.

    `reserve_key`: the session key where a reserve begins, which ends before index `reserved`.
    Newcomers get the key from there, else they could not read what a Lifeline says.

    `settled`: the epoch and the readers for which everybody has the key who shall have it; it
    holds until `settled_until_ms`, when a device that had no one-time key is due again.
    """

    session_id: str
    pickle: str
    created_ms: int
    index: int = 0
    reserve_key: str | None = None
    reserved: int = 0
    settled: str = ""
    settled_until_ms: int | None = None

    def worn(self, rotation: Rotation, now_ms: int) -> bool:
        old = now_ms - self.created_ms >= rotation.age_ms
        return old or self.index >= rotation.messages


class Lifeline:
    """Encrypts a few messages in memory, on indexes that the stored session will never use."""

    def __init__(self, room_id: str, session: Any, count: int, own: tuple[str, str]) -> None:
        self.room_id = room_id
        self.session_id: str = session.session_id
        self.left = count
        self._session = session
        self._own = own

    def __repr__(self) -> str:
        return f"<Lifeline with {self.left} messages left>"

    def encrypt(self, event_type: str, content: Json) -> Json:
        """The content of an m.room.encrypted event; raises LifelineSpent."""
        if self.left < 1:
            raise LifelineSpent("all reserved messages are used")
        self.left -= 1
        return _seal(self._session, self._own, self.room_id, event_type, content)


def need_encrypt(machine: Machine, room_id: str, audience: Audience) -> Need:
    """For is_settled, encrypt, reserve and run_ahead."""
    stored = records.outbound(room_id, audience)
    return need_account(machine) | records.need_items(stored, records.EPOCH)


def is_settled(
    machine: Machine,
    vault: Vault,
    room_id: str,
    audience: Audience,
    users: Iterable[str],
    now_ms: int,
    rotation: Rotation,
) -> bool:
    """Whether the session can be used as it is: `share` would give out nothing.

    It looks at a few records, however many devices there are.
    """
    stored = load_session(vault, room_id, audience)
    if stored is None or stored.worn(rotation, now_ms):
        return False
    until = stored.settled_until_ms
    settled = stored.settled == settled_for(vault, set(users) - {machine.user_id})
    return settled and (until is None or now_ms < until)


def settled_for(vault: Vault, users: Iterable[str]) -> str:
    """Name the readers and the present state of all device lists."""
    named = [vault.get(records.EPOCH) or b"", *(user.encode() for user in sorted(users))]
    return fields.encode64(sha256(b"\n".join(named)).digest())


def encrypt(
    machine: Machine,
    vault: Vault,
    room_id: str,
    audience: Audience,
    event_type: str,
    content: Json,
) -> Json:
    """The content of an m.room.encrypted event for a room (spec: m.megolm.v1.aes-sha2).

    Call `share` first, in the same vault, and save before sending: no index is ever used twice.
    `m.relates_to` stands outside in clear, as the specification has it. Raises NoOutboundSession.
    """
    stored = _require(vault, room_id, audience)
    session = open_session(machine, stored)
    own = own_device(machine, vault)
    sealed = _seal(session, (own.device_id, own.curve25519), room_id, event_type, content)
    save_session(vault, room_id, audience, _turned(machine, stored, session))
    return sealed


def reserve(
    machine: Machine, vault: Vault, room_id: str, audience: Audience, count: int
) -> Lifeline:
    """Move the stored session `count` messages ahead and give those away as a Lifeline.

    Newcomers can read it too. Save before the Lifeline is used. A new reserve, or a rotation by
    `share`, makes older Lifelines stale (compare `session_id`). Raises NoOutboundSession.
    """
    line, after, session = _ahead(machine, vault, (room_id, audience), count)
    key = session.session_key.to_base64()
    after = replace(after, reserve_key=key, reserved=after.index)
    save_session(vault, room_id, audience, after)
    return line


def run_ahead(
    machine: Machine,
    vault: Vault,
    room_id: str,
    audience: Audience,
    count: int,
    rotation: Rotation,
) -> Lifeline | None:
    """As `reserve`, for those who have the key now: drop the Lifeline before the next `share`.

    At most as many messages as the session still has; None while a device waits for its key.
    """
    stored = _require(vault, room_id, audience)
    if stored.settled_until_ms is not None:
        return None
    count = min(count, rotation.messages - stored.index)
    line, after, _ = _ahead(machine, vault, (room_id, audience), count)
    save_session(vault, room_id, audience, after)
    return line


def load_session(vault: Vault, room_id: str, audience: Audience) -> OutboundSession | None:
    return vault.read(
        records.outbound(room_id, audience),
        lambda record: OutboundSession(**records.load(record)),
    )


def save_session(vault: Vault, room_id: str, audience: Audience, stored: OutboundSession) -> None:
    vault.keep(records.outbound(room_id, audience), stored, lambda it: records.dump(asdict(it)))


def open_session(machine: Machine, stored: OutboundSession) -> Any:
    return vodozemac.GroupSession.from_pickle(stored.pickle, machine.pickle_key)


def begin_session(
    machine: Machine, vault: Vault, room_id: str, audience: Audience, now_ms: int
) -> OutboundSession:
    """A new session for a room; also kept as inbound, so that we can read our own messages."""
    session = vodozemac.GroupSession()
    own = own_device(machine, vault)
    source = megolm.Source(own.user_id, own.curve25519, own.ed25519)
    inbound = vodozemac.InboundGroupSession(session.session_key)
    megolm.keep_inbound(machine, vault, room_id, inbound, source, now_ms)
    pickle = session.pickle(machine.pickle_key)
    stored = OutboundSession(session.session_id, pickle, now_ms)
    save_session(vault, room_id, audience, stored)
    return stored


def newcomers_key(machine: Machine, stored: OutboundSession) -> tuple[str, int]:
    """The session key that a newcomer gets, and the index from which it reads."""
    if stored.reserve_key is not None:
        session = megolm.open_session_key(stored.reserve_key)
        return stored.reserve_key, session.first_known_index
    session = open_session(machine, stored)
    return session.session_key.to_base64(), session.message_index


def need_forget_outbound(room_id: str) -> Need:
    """For forget_outbound."""
    return records.need_items(*(records.outbound(room_id, audience) for audience in Audience))


def forget_outbound(vault: Vault, room_id: str) -> None:
    """Drop a room's outbound sessions: the next message begins a new one.

    To be called when it is not sure that the key of the present one was given out.
    """
    for audience in Audience:
        key = records.outbound(room_id, audience)
        if vault.get(key) is not None:
            vault.delete(key)


def _require(vault: Vault, room_id: str, audience: Audience) -> OutboundSession:
    stored = load_session(vault, room_id, audience)
    if stored is None:
        raise NoOutboundSession("the room has no session for this audience")
    return stored


def _ahead(
    machine: Machine, vault: Vault, room: tuple[str, Audience], count: int
) -> tuple[Lifeline, OutboundSession, Any]:
    """A Lifeline, the session behind it, and the session as it is where the Lifeline begins."""
    stored = _require(vault, *room)
    session, begins = open_session(machine, stored), open_session(machine, stored)
    own = own_device(machine, vault)
    for _ in range(count):
        session.encrypt(b"")  # only to turn the ratchet
    line = Lifeline(room[0], begins, count, (own.device_id, own.curve25519))
    return line, _turned(machine, stored, session), begins


def _turned(machine: Machine, stored: OutboundSession, session: Any) -> OutboundSession:
    pickle = session.pickle(machine.pickle_key)
    return replace(stored, pickle=pickle, index=session.message_index)


def _seal(
    session: Any, own: tuple[str, str], room_id: str, event_type: str, content: Json
) -> Json:
    payload = {"type": event_type, "content": content, "room_id": room_id}
    sealed: Json = {
        "algorithm": MEGOLM,
        "ciphertext": session.encrypt(orjson.dumps(payload)).to_base64(),
        "session_id": session.session_id,
        "device_id": own[0],
        "sender_key": own[1],  # deprecated, still read by older clients
    }
    if "m.relates_to" in content:
        sealed["m.relates_to"] = content["m.relates_to"]
    return sealed
