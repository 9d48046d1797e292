"""Cross-signing identities: ours, the thrown-away one, and what the homeserver says of them.

Ours comes from one random root of 32 octets. The Ed25519 seeds are HKDF-SHA256 of it, unsalted,
with infos "circlekeeper cross-signing master", "… self_signing" and "… user_signing": the recovery
key, which spells the root, alone restores the identity. An identity that was made elsewhere is
restored from its seeds, as secret storage holds them.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appservice.crypto import fields, records
from appservice.crypto.account import add_signatures, device_keys, need_account
from appservice.crypto.errors import NoIdentity
from appservice.crypto.keys_query import read_chain, read_device
from appservice.crypto.recovery_key import decode_recovery_key, encode_recovery_key
from appservice.crypto.signatures import public_of, seed_signer, sign_json
from appservice.crypto.values import Json, Machine
from appservice.crypto.vault import Need, Vault

SECRETS = {
    "master": "m.cross_signing.master",
    "self_signing": "m.cross_signing.self_signing",
    "user_signing": "m.cross_signing.user_signing",
}
"""The keys of an identity, and what their private halves are called in secret storage."""


@dataclass(frozen=True)
class Identity:
    """Our identity. `upload`: for /keys/device_signing/upload; `recovery_key`: to print once."""

    upload: Json
    recovery_key: str = field(repr=False)


class Mark(StrEnum):
    """How what the homeserver shows of a user of ours can differ from what we published."""

    UNREADABLE = "unreadable"  # no answer about this user
    NO_IDENTITY = "no_identity"
    IDENTITY_REPLACED = "identity_replaced"
    DEVICE_MISSING = "device_missing"
    DEVICE_KEYS_DIFFER = "device_keys_differ"
    DEVICE_UNSIGNED = "device_unsigned"
    FOREIGN_DEVICE = "foreign_device"


@dataclass(frozen=True)
class Finding:
    mark: Mark
    device_id: str | None = None


def need_identity(machine: Machine) -> Need:
    """For all of the following that take a machine."""
    key = records.own_identity(machine.user_id)
    return need_account(machine) | records.need_items(key)


def create_identity(machine: Machine, vault: Vault, root: bytes | None = None) -> Identity:
    """Make our identity if there is none, from this root or from a random one.

    Save before uploading: a repeat gives the same again.
    """
    if vault.get(records.own_identity(machine.user_id)) is None:
        root = root or secrets.token_bytes(32)
        _keep(machine, vault, root, _derived(root))
    return _own_identity(machine, vault)


def restore_identity(machine: Machine, vault: Vault, recovery_key: str) -> Identity:
    """Put the identity that a recovery key spells in place of any other; raises BadRecoveryKey."""
    root = decode_recovery_key(recovery_key)
    _keep(machine, vault, root, _derived(root))
    return _own_identity(machine, vault)


def recover_identity(
    machine: Machine, vault: Vault, root: bytes, found: Mapping[str, str], response: Json
) -> bool:
    """Take the identity that a /keys/query answer shows as ours, if we have its private keys.

    They are what secret storage held (`found`: by name, as `identity_secrets` gives them), or else
    what the root gives. Without proof nothing is changed, and the answer is False.
    """
    for seeds in (_read_seeds(found), _derived(root)):
        if seeds and _is_shown(_upload(machine.user_id, seeds), machine.user_id, response):
            _keep(machine, vault, root, seeds)
            return True
    return False


def identity_secrets(machine: Machine, vault: Vault) -> dict[str, str]:
    """Our private keys by their names in secret storage, in base64. Raises NoIdentity."""
    return {
        SECRETS[usage]: fields.encode64(seed) for usage, seed in _seeds(machine, vault).items()
    }


def sign_own_device(machine: Machine, vault: Vault) -> Json:
    """A body for POST /keys/signatures/upload that cross-signs our device.

    The signature is also kept with our device keys. Raises NoAccount, NoIdentity.
    """
    seed = _seeds(machine, vault)["self_signing"]
    keys = device_keys(machine, vault)
    signed = sign_json(keys, machine.user_id, public_of(seed), seed_signer(seed))
    add_signatures(machine, vault, signed)
    return {machine.user_id: {machine.device_id: signed}}


def need_throwaway(user_id: str) -> Need:
    return records.need_items(records.published(user_id))


def create_throwaway(vault: Vault, user_id: str) -> Json:
    """An identity for a user who must never have a device: its upload body.

    The private keys exist only while this function runs. The public keys are kept, so that a
    repeat uploads the same and `verify_throwaway` can compare. Save before uploading.
    """
    record = vault.get(records.published(user_id))
    if record is None:
        upload, _master = throwaway_identity(user_id)
        record = records.dump(upload)
        vault.put(records.published(user_id), record)
    return records.load(record)


def recover_throwaway(vault: Vault, user_id: str, response: Json) -> None:
    """Take what a /keys/query answer shows for the identity that was published once, if any.

    Nothing proves that it is: its private keys are gone. Save before `create_throwaway`.
    """
    if read_chain(response, user_id) is not None:
        shown = {
            f"{usage}_key": fields.walk(response, f"{usage}_keys", user_id)
            for usage in ("master", "self_signing")
        }
        vault.put(records.published(user_id), records.dump(shown))


def throwaway_identity(user_id: str) -> tuple[Json, str]:
    """An upload body and the public master key of an identity whose private keys are gone."""
    upload = _upload(user_id, {usage: secrets.token_bytes(32) for usage in SECRETS})
    return upload, _public(upload, "master")


def verify_own(machine: Machine, vault: Vault, response: Json) -> list[Finding]:
    """Compare a /keys/query answer with our device and identity; needs `need_identity`.

    Raises NoAccount, NoIdentity.
    """
    upload: Json = _own_record(machine, vault)["upload"]
    return _compare(response, machine.user_id, upload, device_keys(machine, vault))


def earlier_devices(machine: Machine, vault: Vault, response: Json) -> list[str]:
    """Devices in a /keys/query answer, other than ours, that our identity has signed: ours once.

    Nobody else could have signed them. Raises NoIdentity.
    """
    user = machine.user_id
    if not _is_shown(_own_record(machine, vault)["upload"], user, response):
        return []
    chain = read_chain(response, user)
    listed = fields.obj(fields.walk(response, "device_keys", user)) or {}
    read = {name: read_device(shown, user, name, chain) for name, shown in listed.items()}
    signed = {name for name, device in read.items() if device is not None and device.signed}
    return sorted(signed - {machine.device_id})


def verify_throwaway(vault: Vault, user_id: str, response: Json) -> list[Finding]:
    """The same for a user without a device: every device is foreign. Raises NoIdentity."""
    record = vault.get(records.published(user_id))
    if record is None:
        raise NoIdentity("no identity was published for this user")
    return _compare(response, user_id, records.load(record), None)


def _compare(response: Json, user_id: str, upload: Json, own: Json | None) -> list[Finding]:
    by_user = fields.obj(response, "device_keys")
    if by_user is None or user_id.partition(":")[2] in (fields.obj(response, "failures") or {}):
        return [Finding(Mark.UNREADABLE)]
    findings = []
    chain = read_chain(response, user_id)
    if chain is None:
        findings.append(Finding(Mark.NO_IDENTITY))
    elif not _is_shown(upload, user_id, response):
        findings.append(Finding(Mark.IDENTITY_REPLACED))
    listed = fields.obj(by_user, user_id) or {}
    own_id = "" if own is None else str(own["device_id"])
    findings += [Finding(Mark.FOREIGN_DEVICE, name) for name in sorted(listed) if name != own_id]
    if own is not None:
        findings += _compare_device(listed.get(own_id), own, chain)
    return findings


def _compare_device(shown: object, own: Json, chain: Any) -> list[Finding]:
    device_id = own["device_id"]
    if shown is None:
        return [Finding(Mark.DEVICE_MISSING, device_id)]
    device = read_device(shown, own["user_id"], device_id, chain)
    if device is None or fields.walk(shown, "keys") != own["keys"]:
        return [Finding(Mark.DEVICE_KEYS_DIFFER, device_id)]
    return [] if device.signed else [Finding(Mark.DEVICE_UNSIGNED, device_id)]


def _keep(machine: Machine, vault: Vault, root: bytes, seeds: Mapping[str, bytes]) -> None:
    value = {
        "root": fields.encode64(root),
        "seeds": {usage: fields.encode64(seed) for usage, seed in seeds.items()},
        "upload": _upload(machine.user_id, seeds),
    }
    vault.put(records.own_identity(machine.user_id), records.dump(value))


def _own_record(machine: Machine, vault: Vault) -> dict[str, Any]:
    record = vault.get(records.own_identity(machine.user_id))
    if record is None:
        raise NoIdentity("there is no cross-signing identity yet")
    return records.load(record)


def _own_identity(machine: Machine, vault: Vault) -> Identity:
    record = _own_record(machine, vault)
    return Identity(record["upload"], encode_recovery_key(fields.decode64(record["root"])))


def _seeds(machine: Machine, vault: Vault) -> dict[str, bytes]:
    record = _own_record(machine, vault)
    if "seeds" not in record:  # written before an identity could come from elsewhere
        return _derived(fields.decode64(record["root"]))
    return {usage: fields.decode64(seed) for usage, seed in record["seeds"].items()}


def _read_seeds(found: Mapping[str, str]) -> dict[str, bytes] | None:
    read = {usage: fields.octets(found.get(name), 32) for usage, name in SECRETS.items()}
    return {usage: seed for usage, seed in read.items() if seed} if all(read.values()) else None


def _derived(root: bytes) -> dict[str, bytes]:
    return {
        usage: HKDF(SHA256(), 32, None, f"circlekeeper cross-signing {usage}".encode()).derive(
            root
        )
        for usage in SECRETS
    }


def _upload(user_id: str, seeds: Mapping[str, bytes]) -> Json:
    """The body for /keys/device_signing/upload; the master key signs the two others."""
    sign, master = seed_signer(seeds["master"]), public_of(seeds["master"])
    body = {}
    for usage in SECRETS:
        public = public_of(seeds[usage])
        key: Json = {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}
        body[f"{usage}_key"] = key if usage == "master" else sign_json(key, user_id, master, sign)
    return body


def _is_shown(upload: Json, user_id: str, response: Json) -> bool:
    """Whether a /keys/query answer has these public keys for the user."""
    chain = read_chain(response, user_id)
    ours = (_public(upload, "master"), _public(upload, "self_signing"))
    return chain is not None and (chain.master, chain.self_signing) == ours


def _public(upload: Json, usage: str) -> str:
    (public,) = upload[f"{usage}_key"]["keys"].values()
    return str(public)
