"""Takes in an answer to /keys/query, believing only what is signed."""

from dataclasses import dataclass, replace

from appservice.crypto import fields
from appservice.crypto.devices import (
    Marks,
    Peer,
    load_identity,
    load_peer,
    need_devices,
    save_identity,
    save_peer,
)
from appservice.crypto.signatures import is_signed
from appservice.crypto.values import MEGOLM, OLM, Change, Device, DeviceChange, Json, KeysQuery
from appservice.crypto.vault import Need, Vault

MAX_DEVICES = 100  # of one user; those that come later are refused


@dataclass(frozen=True)
class _Chain:
    """The public keys of a user's identity; the self-signing key is signed by the master key."""

    master: str
    self_signing: str


def need_keys_query(query: KeysQuery) -> Need:
    return need_devices(query.asked)


def receive_keys_query(
    vault: Vault, response: Json, query: KeysQuery, now_ms: int
) -> list[DeviceChange]:
    """Store devices and identities of the users asked for; what is wrong is refused and reported.

    Users whose server stands in `failures` stay outdated. Never raises on account of the response.
    """
    by_user = fields.obj(response, "device_keys")
    if by_user is None:
        return []
    failed = fields.obj(response, "failures") or {}
    changes: list[DeviceChange] = []
    for user, generation in query.asked.items():
        if user.partition(":")[2] in failed:
            continue
        chain, identity_changes = _receive_identity(vault, response, user, now_ms)
        before = load_peer(vault, user)
        listed = fields.obj(by_user, user) or {}
        peer, device_changes = _receive_devices(before, user, listed, chain)
        late = before.tracked and before.generation != generation  # changed since we asked
        after = peer._replace(outdated=late or not before.tracked)
        if after != before:
            save_peer(vault, user, after)
        changes += identity_changes + device_changes
    return changes


def read_device(value: object, user: str, device_id: str, chain: _Chain | None) -> Device | None:
    """A device from its signed keys, or None if anything about them is wrong."""
    keys = fields.obj(value)
    if keys is None or keys.get("user_id") != user or keys.get("device_id") != device_id:
        return None
    ed25519 = fields.key(fields.walk(keys, "keys", f"ed25519:{device_id}"))
    curve25519 = fields.key(fields.walk(keys, "keys", f"curve25519:{device_id}"))
    algorithms = keys.get("algorithms")
    if ed25519 is None or curve25519 is None or not isinstance(algorithms, list):
        return None
    if not is_signed(keys, user, device_id, ed25519):
        return None
    signed = chain is not None and is_signed(keys, user, chain.self_signing, chain.self_signing)
    encrypts = OLM in algorithms and MEGOLM in algorithms
    return Device(user, device_id, curve25519, ed25519, signed=signed, encrypts=encrypts)


def read_chain(response: Json, user: str) -> _Chain | None:
    """The user's master and self-signing key in an answer, if the one signs the other."""
    master = _cross_signing_key(fields.walk(response, "master_keys", user), user, "master")
    value = fields.walk(response, "self_signing_keys", user)
    self_signing = _cross_signing_key(value, user, "self_signing")
    if master is None or self_signing is None or not is_signed(value, user, master, master):
        return None
    return _Chain(master, self_signing)


def _cross_signing_key(value: object, user: str, usage: str) -> str | None:
    keys = fields.obj(value, "keys")
    usages = fields.walk(value, "usage")
    if keys is None or len(keys) != 1 or not isinstance(usages, list) or usage not in usages:
        return None
    ((key_id, public),) = keys.items()
    public = fields.key(public)
    right = public is not None and key_id == f"ed25519:{public}"
    return public if right and fields.walk(value, "user_id") == user else None


def _receive_identity(
    vault: Vault, response: Json, user: str, now_ms: int
) -> tuple[_Chain | None, list[DeviceChange]]:
    known = load_identity(vault, user)
    chain = read_chain(response, user)
    if chain is None:
        claimed = fields.walk(response, "master_keys", user) is not None
        kinds = [Change.IDENTITY_REFUSED] if claimed else []
        if known is not None and known["current"] is not None:
            kinds.append(Change.IDENTITY_GONE)
            save_identity(vault, user, {**known, "current": None, "self_signing": None})
        return None, [DeviceChange(kind, user) for kind in kinds]
    if known is None:
        known = {"pinned": chain.master, "current": None, "first_seen": now_ms}
        kinds = [Change.IDENTITY_FIRST_SEEN]
    elif chain.master in (known["current"], known["pinned"]):
        kinds = []
    else:
        kinds = [Change.IDENTITY_CHANGED]
    current = {"current": chain.master, "self_signing": chain.self_signing}
    save_identity(vault, user, {**known, **current})
    return chain, [DeviceChange(kind, user) for kind in kinds]


def _receive_devices(
    before: Peer, user: str, listed: Json, chain: _Chain | None
) -> tuple[Peer, list[DeviceChange]]:
    devices: dict[str, Device] = {}
    marks = dict(before.marks)
    changes = []
    for device_id in sorted(filter(fields.identifier, listed)):
        known = before.devices.get(device_id)
        crowded = known is None and len(before.devices.keys() | devices.keys()) >= MAX_DEVICES
        device = None if crowded else read_device(listed[device_id], user, device_id, chain)
        if device is None or (known is not None and _other_keys(known, device)):
            changes.append(DeviceChange(Change.DEVICE_REFUSED, user, device_id))
            if known is not None:  # what it was signed with is in doubt
                devices[device_id] = known._replace(signed=False)
                marks[device_id] = replace(marks.get(device_id, Marks()), refused=True)
            continue
        devices[device_id] = device
        if known is not None and before.marks_of(known).refused:
            marks[device_id] = replace(marks[device_id], refused=False)
        if (kind := _change(known, device)) is not None:
            changes.append(DeviceChange(kind, user, device_id))
    gone = sorted(before.devices.keys() - devices.keys())
    changes += [DeviceChange(Change.DEVICE_REMOVED, user, device_id) for device_id in gone]
    return before._replace(devices=devices, marks=marks), changes


def _other_keys(before: Device, device: Device) -> bool:
    return (before.ed25519, before.curve25519) != (device.ed25519, device.curve25519)


def _change(before: Device | None, device: Device) -> Change | None:
    if before is None:
        return Change.DEVICE_ADDED
    if before.signed == device.signed:
        return None
    return Change.DEVICE_SIGNED if device.signed else Change.DEVICE_UNSIGNED
