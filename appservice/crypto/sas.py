"""Verification by emoji, as the side that is asked (spec: "Key verification framework", m.sas.v1).

A person asks in their client, both sides end up with the same seven emoji, and the person compares
those on their screen with those that we show at another place. Nothing of it is stored: a
verification takes a minute, and one that a restart interrupts is begun again.

    ours → theirs: ready, accept, key, mac, done
    theirs → ours: request, start, key, mac, done
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import vodozemac

from appservice.crypto import fields, records
from appservice.crypto.account import own_device
from appservice.crypto.canonical_json import canonical_json
from appservice.crypto.cross_signing import need_identity
from appservice.crypto.devices import devices, load_identity, need_devices
from appservice.crypto.errors import CryptoError, NoIdentity
from appservice.crypto.values import Json, Machine
from appservice.crypto.vault import Need, Vault

METHOD = "m.sas.v1"
TIMEOUT_MS = 600_000  # from the request on
_AGREEMENT = "curve25519-hkdf-sha256"
_HASH = "sha256"
_MAC = "hkdf-hmac-sha256.v2"
_SHOWN = ("emoji", "decimal")
_AGREED = {  # what we must find among theirs (spec: m.key.verification.start)
    "key_agreement_protocols": _AGREEMENT,
    "hashes": _HASH,
    "message_authentication_codes": _MAC,
    "short_authentication_string": _SHOWN[0],
}
PREFIX = "m.key.verification."
_REASONS = {
    "m.timeout": "The verification took too long",
    "m.unexpected_message": "This message was not expected now",
    "m.unknown_method": "There is no method that both sides know",
    "m.invalid_message": "The message was not understood",
    "m.key_mismatch": "The keys are not those that we know",
    "m.user": "The verification was stopped",
    "m.accepted": "Another device took the verification up",
    "m.mismatched_commitment": "The key is not the one that was promised",
    "m.mismatched_sas": "The emoji were not the same",
    "m.unknown_transaction": "This verification is not known (any more)",
    "m.user_mismatch": "The user is not the one who was asked for",
}


@dataclass(frozen=True)
class Party:
    """One side: `keys`: key id (`ed25519:…` of device and master key) → public key, as we know."""

    user_id: str
    device_id: str
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A message of ours; the caller adds `transaction_id` or `m.relates_to`, and sends it."""

    type: str
    content: Json = field(repr=False)


def need_own_party(machine: Machine) -> Need:
    return need_identity(machine)


def own_party(machine: Machine, vault: Vault) -> Party:
    """Our side: the key of our device, then our master key. Raises NoAccount, NoIdentity."""
    device = own_device(machine, vault)
    record = vault.get(records.own_identity(machine.user_id))
    if record is None:
        raise NoIdentity("there is no cross-signing identity yet")
    master = records.load(record)["upload"]["master_key"]["keys"]
    keys = {f"ed25519:{device.device_id}": device.ed25519, **master}
    return Party(machine.user_id, machine.device_id, keys)


def need_party(user: str) -> Need:
    return need_devices([user])


def party(vault: Vault, user: str, device_id: str) -> Party | None:
    """Their side, with the keys that the homeserver shows now; None: no such device is known."""
    found = [device for device in devices(vault, user) if device.device_id == device_id]
    if not found:
        return None
    keys = {f"ed25519:{device_id}": found[0].ed25519}
    master = (load_identity(vault, user) or {}).get("current")
    if master is not None:
        keys[f"ed25519:{master}"] = master
    return Party(user, device_id, keys)


def refusal(code: str) -> Step:
    """A cancellation (spec: m.key.verification.cancel)."""
    return Step(f"{PREFIX}cancel", {"code": code, "reason": _REASONS[code]})


class Verification:
    """One verification that somebody asked for.

    `emoji`: seven numbers of the specification's table, and `decimals` three numbers to be read
    instead, once both keys are exchanged. `proven`: the keys of theirs that the emoji vouch for,
    once their MAC was right; it holds only if a human found the emoji equal. `cancelled`: the
    code, if one side gave up.
    """

    def __init__(self, transaction: str, ours: Party, theirs: Party, asked_ms: int) -> None:
        self.transaction = transaction
        self.theirs = theirs
        self.emoji: tuple[int, ...] = ()
        self.decimals: tuple[int, ...] = ()
        self.proven: dict[str, str] = {}
        self.cancelled: str | None = None
        self.done = False
        self._ours = ours
        self._asked_ms = asked_ms
        self._awaited = "request"
        self._sas: Any = None
        self._established: Any = None

    def __repr__(self) -> str:
        return f"<Verification, {'over' if self.over else f'awaits {self._awaited}'}>"

    @property
    def over(self) -> bool:
        return self.done or self.cancelled is not None

    def receive(self, event_type: str, content: Json, now_ms: int) -> list[Step]:
        """Take their next message and return our answers; raises nothing on account of it."""
        if self.over:
            return []
        name = event_type.removeprefix(PREFIX)
        if name == "cancel":
            code = fields.text(content, "code")
            self.cancelled = code if code in _REASONS else "m.user"
            return []
        if now_ms - self._asked_ms >= TIMEOUT_MS:
            return self.cancel("m.timeout")
        if name != self._awaited:
            return self.cancel("m.unexpected_message")
        try:
            return getattr(self, f"_{name}")(content)  # type: ignore[no-any-return]
        except _CancelledError as reason:
            return self.cancel(reason.code)

    def cancel(self, code: str = "m.user") -> list[Step]:
        """Give up, and tell the other side why."""
        self.cancelled = code
        return [refusal(code)]

    def _request(self, content: Json) -> list[Step]:
        if METHOD not in _listed(content, "methods"):
            raise _CancelledError("m.unknown_method")
        self._awaited = "start"
        return [self._step("ready", from_device=self._ours.device_id, methods=[METHOD])]

    def _start(self, content: Json) -> list[Step]:
        if content.get("from_device") != self.theirs.device_id:
            raise _CancelledError("m.invalid_message")
        if content.get("method") != METHOD or not all(
            agreed in _listed(content, name) for name, agreed in _AGREED.items()
        ):
            raise _CancelledError("m.unknown_method")
        self._sas = vodozemac.Sas()
        self._awaited = "key"
        try:
            committed = self._sas.public_key.to_base64().encode() + canonical_json(content)
        except CryptoError:
            raise _CancelledError("m.invalid_message") from None
        shown = _listed(content, "short_authentication_string")
        accept = self._step(
            "accept",
            commitment=fields.encode64(sha256(committed).digest()),
            hash=_HASH,
            key_agreement_protocol=_AGREEMENT,
            message_authentication_code=_MAC,
            short_authentication_string=[way for way in _SHOWN if way in shown],
        )
        return [accept]

    def _key(self, content: Json) -> list[Step]:
        theirs = fields.key(content.get("key"))
        if theirs is None:
            raise _CancelledError("m.invalid_message")
        ours = self._sas.public_key.to_base64()
        try:
            self._established = self._sas.diffie_hellman(
                vodozemac.Curve25519PublicKey.from_base64(theirs)
            )
        except ValueError:
            raise _CancelledError("m.invalid_message") from None
        them = (self.theirs.user_id, self.theirs.device_id, theirs)
        us = (self._ours.user_id, self._ours.device_id, ours)
        info = "|".join(("MATRIX_KEY_VERIFICATION_SAS", *them, *us, self.transaction))
        shown = self._established.bytes(info)
        self.emoji, self.decimals = tuple(shown.emoji_indices), tuple(shown.decimals)
        self._awaited = "mac"
        return [self._step("key", key=ours)]

    def _mac(self, content: Json) -> list[Step]:
        macs = fields.obj(content, "mac") or {}
        if not all(map(fields.identifier, macs)):
            raise _CancelledError("m.invalid_message")
        known = {key_id: key for key_id, key in self.theirs.keys.items() if key_id in macs}
        named = {"KEY_IDS": ",".join(sorted(macs)), **known}
        told = {"KEY_IDS": content.get("keys"), **macs}
        right = (
            _same(fields.text(told, name), self._code(self.theirs, self._ours, name, value))
            for name, value in named.items()
        )
        if not known or not all(right):
            raise _CancelledError("m.key_mismatch")
        self.proven = known
        self._awaited = "done"
        return [self._own_mac(), self._step("done")]

    def _done(self, content: Json) -> list[Step]:
        del content
        self.done = True
        return []

    def _own_mac(self) -> Step:
        macs = {
            key_id: self._code(self._ours, self.theirs, key_id, key)
            for key_id, key in self._ours.keys.items()
        }
        keys = self._code(self._ours, self.theirs, "KEY_IDS", ",".join(sorted(macs)))
        return self._step("mac", mac=macs, keys=keys)

    def _code(self, sender: Party, receiver: Party, name: str, value: str) -> str:
        """Return the MAC of a key or of the list of key ids."""
        parties = (sender.user_id, sender.device_id, receiver.user_id, receiver.device_id)
        info = "".join(("MATRIX_KEY_VERIFICATION_MAC", *parties, self.transaction, name))
        return str(self._established.calculate_mac(value, info))

    def _step(self, name: str, **content: object) -> Step:
        return Step(PREFIX + name, content)


class _CancelledError(Exception):
    """Their message ends the verification; `code` as in the specification."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _same(one: str | None, other: str) -> bool:
    return one is not None and hmac.compare_digest(one.encode(), other.encode())


def _listed(content: Json, name: str) -> list[object]:
    found = content.get(name)
    return found if isinstance(found, list) else []
