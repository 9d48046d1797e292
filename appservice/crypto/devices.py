"""Whose device lists we follow, and what is known of devices and identities."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from secrets import token_bytes
from types import MappingProxyType
from typing import Any, NamedTuple

from appservice.crypto import records
from appservice.crypto.values import Device, KeysQuery, Trust
from appservice.crypto.vault import Need, Vault

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Marks:
    """What we went through with a device; times in milliseconds since 1970."""

    misses: int = 0  # claims in a row that gave no one-time key
    missed_ms: int = 0
    told: bool = False  # that there is no key of it (m.no_olm)
    unwedged_ms: int | None = None  # when we last began a new Olm session to mend one
    renewed_ms: int | None = None  # when they did (m.dummy)
    refused: bool = False  # the list now names other keys than it did at first


class Peer(NamedTuple):
    """A user's device list; `generation` rises with every word that it changed."""

    tracked: bool = False
    outdated: bool = True
    generation: int = 0
    devices: Mapping[str, Device] = _NOTHING
    marks: Mapping[str, Marks] = _NOTHING

    def marks_of(self, device: Device) -> Marks:
        return self.marks.get(device.device_id, _NO_MARKS)


_NO_MARKS = Marks()
_NOBODY = Peer()


def need_tracking(users: Iterable[str]) -> Need:
    """For track, untrack, mark_outdated, outdated, keys_query and devices."""
    return records.need_items(*map(records.peer, users))


def need_peers(users: Iterable[str]) -> Need:
    """The device lists of users and the Olm sessions with their devices."""
    return records.need_owners(*map(records.peer_owner, users))


def track(vault: Vault, users: Iterable[str]) -> None:
    """Follow the lists of users with whom we now share an encrypted room."""
    for user in users:
        peer = load_peer(vault, user)
        if not peer.tracked:
            began = peer._replace(tracked=True, outdated=True, generation=peer.generation + 1)
            save_peer(vault, user, began)


def untrack(vault: Vault, users: Iterable[str]) -> None:
    """We share no room any more. Devices and the pinned identity stay, so that it stays pinned."""
    for user in users:
        peer = load_peer(vault, user)
        if peer.tracked:
            save_peer(vault, user, peer._replace(tracked=False, outdated=True))


def mark_outdated(vault: Vault, users: Iterable[str]) -> None:
    """A list changed (device_lists.changed, a join). Users who are not tracked are left out."""
    for user in users:
        peer = load_peer(vault, user)
        if peer.tracked:
            save_peer(vault, user, peer._replace(outdated=True, generation=peer.generation + 1))


def outdated(vault: Vault, users: Iterable[str]) -> set[str]:
    """Whose list must be asked for before it is used; users never tracked are among them."""
    return {user for user in users if load_peer(vault, user).outdated}


def keys_query(vault: Vault, users: Iterable[str]) -> KeysQuery:
    """A body for POST /keys/query; a change while the answer is under way is not lost."""
    asked = {user: load_peer(vault, user).generation for user in sorted(users)}
    return KeysQuery({"device_keys": {user: [] for user in asked}, "timeout": 10_000}, asked)


def need_devices(users: Iterable[str]) -> Need:
    """For devices, master_key, identity_changed and accept_identity."""
    users = list(users)
    return need_tracking(users) | records.need_items(*map(records.identity, users))


def devices(vault: Vault, user: str) -> list[Device]:
    """The verified devices of a user, by device id."""
    return list(load_peer(vault, user).devices.values())


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
    return vault.read(records.identity(user), records.load)


def save_identity(vault: Vault, user: str, identity: dict[str, Any]) -> None:
    vault.put(records.identity(user), records.dump(identity))


def load_peer(vault: Vault, user: str) -> Peer:
    """What is known of a user's devices; of a stranger nothing, which is outdated."""
    return vault.read(records.peer(user), partial(_load, user)) or _NOBODY


def save_peer(vault: Vault, user: str, peer: Peer) -> None:
    """Store what is known of a user; no room is settled any more (see outbound.is_settled)."""
    vault.keep(records.peer(user), peer, _dump)
    vault.put(records.EPOCH, token_bytes(8))


def mark(vault: Vault, device: Device, change: Callable[[Marks], Marks]) -> None:
    """Change what we went through with a device."""
    peer = load_peer(vault, device.user_id)
    before = peer.marks_of(device)
    if (after := change(before)) != before:
        marks = {**peer.marks, device.device_id: after}
        save_peer(vault, device.user_id, peer._replace(marks=marks))


def _dump(peer: Peer) -> bytes:
    by_id = sorted(peer.devices.items())
    value = {
        "tracked": peer.tracked,
        "outdated": peer.outdated,
        "generation": peer.generation,
        "devices": {id_: (d.curve25519, d.ed25519, d.signed, d.encrypts) for id_, d in by_id},
        "marks": {
            id_: asdict(marks)
            for id_, marks in peer.marks.items()
            if id_ in peer.devices and marks != _NO_MARKS
        },
    }
    return records.dump(value)


def _load(user: str, record: bytes) -> Peer:
    value = records.load(record)
    found = {id_: Device(user, id_, *keys) for id_, keys in value["devices"].items()}
    marks = {id_: Marks(**fields) for id_, fields in value["marks"].items()}
    return Peer(value["tracked"], value["outdated"], value["generation"], found, marks)
