"""Whose device lists we follow, and what is known of devices and identities."""

from collections.abc import Iterable
from typing import Any

from appservice.crypto import records
from appservice.crypto.values import Device, Json, KeysQuery, Trust
from appservice.crypto.vault import Need, Vault


def need_tracking(users: Iterable[str]) -> Need:
    """For track, untrack, mark_outdated, outdated and keys_query."""
    return records.need_items(*(records.tracked(user) for user in users))


def track(vault: Vault, users: Iterable[str]) -> None:
    """Follow the lists of users with whom we now share an encrypted room."""
    for user in users:
        if vault.get(records.tracked(user)) is None:
            _put_tracked(vault, user, outdated=True, generation=1)


def untrack(vault: Vault, users: Iterable[str]) -> None:
    """We share no room any more. Devices and the pinned identity stay, so that it stays pinned."""
    for user in users:
        if vault.get(records.tracked(user)) is not None:
            vault.delete(records.tracked(user))


def mark_outdated(vault: Vault, users: Iterable[str]) -> None:
    """A list changed (device_lists.changed, a join). Users who are not tracked are left out."""
    for user in users:
        if (record := vault.get(records.tracked(user))) is not None:
            generation = records.load(record)["generation"] + 1
            _put_tracked(vault, user, outdated=True, generation=generation)


def outdated(vault: Vault, users: Iterable[str]) -> set[str]:
    """Whose list must be asked for before it is used; users never tracked are among them."""
    return {user for user in users if _is_outdated(vault, user)}


def keys_query(vault: Vault, users: Iterable[str]) -> KeysQuery:
    """A body for POST /keys/query; a change while the answer is under way is not lost."""
    asked = {}
    for user in sorted(users):
        record = vault.get(records.tracked(user))
        asked[user] = 0 if record is None else records.load(record)["generation"]
    return KeysQuery({"device_keys": {user: [] for user in asked}, "timeout": 10_000}, asked)


def answered(vault: Vault, user: str, generation: int) -> None:
    """The list of a user is up to date, unless it changed since the question was asked."""
    record = vault.get(records.tracked(user))
    if record is not None and records.load(record)["generation"] == generation:
        _put_tracked(vault, user, outdated=False, generation=generation)


def need_devices(users: Iterable[str]) -> Need:
    """For devices, master_key, identity_changed and accept_identity."""
    users = list(users)
    return records.need_owners(*(("device", user) for user in users)) | records.need_items(
        *(records.identity(user) for user in users)
    )


def devices(vault: Vault, user: str) -> list[Device]:
    """The verified devices of a user, by device id."""
    found = vault.owned("device", user)
    return [_device(user, device_id, found[device_id]) for device_id in sorted(found)]


def identity_changed(vault: Vault, user: str) -> bool:
    """Whether the user's identity differs from the one pinned at first sight."""
    identity = load_identity(vault, user)
    return identity is not None and identity["current"] not in (None, identity["pinned"])


def master_key(vault: Vault, user: str) -> str | None:
    """The public master key of the identity that the user has now, in unpadded base64."""
    identity = load_identity(vault, user)
    return None if identity is None else identity["current"]


def accept_identity(vault: Vault, user: str) -> None:
    """Pin the identity that the user has now."""
    identity = load_identity(vault, user)
    if identity is not None and identity["current"] is not None:
        save_identity(vault, user, {**identity, "pinned": identity["current"]})


def trust_in(vault: Vault, user: str, device: Device | None) -> Trust:
    return Trust(
        signed=device is not None and device.signed,
        pinned_identity_changed=identity_changed(vault, user),
    )


def load_identity(vault: Vault, user: str) -> dict[str, Any] | None:
    """`pinned`, `current` (None: has none now), `self_signing`: public keys, and `first_seen`."""
    record = vault.get(records.identity(user))
    return None if record is None else records.load(record)


def save_identity(vault: Vault, user: str, identity: dict[str, Any]) -> None:
    vault.put(records.identity(user), records.dump(identity))


def save_device(vault: Vault, device: Device) -> None:
    value: Json = {
        "curve25519": device.curve25519,
        "ed25519": device.ed25519,
        "signed": device.signed,
        "encrypts": device.encrypts,
    }
    vault.put(records.device(device.user_id, device.device_id), records.dump(value))


def _device(user: str, device_id: str, record: bytes) -> Device:
    value = records.load(record)
    return Device(
        user,
        device_id,
        value["curve25519"],
        value["ed25519"],
        signed=value["signed"],
        encrypts=value["encrypts"],
    )


def _is_outdated(vault: Vault, user: str) -> bool:
    record = vault.get(records.tracked(user))
    return record is None or bool(records.load(record)["outdated"])


def _put_tracked(vault: Vault, user: str, *, outdated: bool, generation: int) -> None:
    value = {"outdated": outdated, "generation": generation}
    vault.put(records.tracked(user), records.dump(value))
