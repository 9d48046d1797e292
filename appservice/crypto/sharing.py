"""Gives the key of a room's outbound session to the right devices, and tells others that not."""

# ruff: noqa: PLR0913  (machine and vault go everywhere)

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from appservice.crypto import records
from appservice.crypto.account import need_account, own_device
from appservice.crypto.batches import batches
from appservice.crypto.claims import claim_bodies, due_ms
from appservice.crypto.devices import load_peer, mark, need_peers, outdated
from appservice.crypto.olm import OlmWriter
from appservice.crypto.outbound import (
    OutboundSession,
    begin_session,
    load_session,
    newcomers_key,
    save_session,
    settled_for,
)
from appservice.crypto.values import (
    MEGOLM,
    Audience,
    Device,
    Json,
    Machine,
    Rotation,
    ToDeviceBatch,
)
from appservice.crypto.vault import Need, Vault

_GIVEN = ""  # the code of a device that has the key; others have a withheld code
_REASONS = {
    "m.unverified": "The device is not verified by its owner",
    "m.blacklisted": "The device shows other keys than it did at first",
    "m.no_olm": "There was no one-time key of the device",
}

Note = list[Any]
"""Code, index from which the device reads, when it was told (milliseconds since 1970)."""


@dataclass(frozen=True)
class Sharing:
    """What stands between us and sending: `outdated` lists first, then each of `claims`.

    It holds for the vault that it was made in: make it again in the one that `share` changes.
    """

    outdated: frozenset[str]
    claims: tuple[Json, ...]
    room: tuple[str, Audience]
    readers: frozenset[str]
    stored: OutboundSession | None = field(repr=False)  # None: a new session is due
    notes: Mapping[str, Note] = field(repr=False)
    lacking: list[Device] = field(repr=False)  # who shall have the key and has it not
    refused: Mapping[str, tuple[Device, str]] = field(repr=False)


def need_sharing(machine: Machine, room_id: str, audience: Audience, users: Iterable[str]) -> Need:
    """For prepare_sharing and share."""
    room = (records.outbound(room_id, audience), records.shared(room_id, audience))
    return need_account(machine) | need_peers(users) | records.need_items(*room, records.EPOCH)


def prepare_sharing(
    machine: Machine,
    vault: Vault,
    room_id: str,
    audience: Audience,
    users: Iterable[str],
    now_ms: int,
    rotation: Rotation | None = None,
) -> Sharing:
    """See who shall have the room's key, and what must be asked of the homeserver before.

    `users`: all who are joined to the room (and invited, where history visibility says so); our
    own user is left out. A new session is due when the old is worn out or somebody who had its key
    is no recipient any more.
    """
    room, readers = (room_id, audience), frozenset(users) - {machine.user_id}
    recipients, refused = _sorted_out(vault, audience, readers)
    stored = load_session(vault, *room)
    notes = {} if stored is None else _notes(vault, room, stored)
    if stored is not None and (
        stored.worn(rotation or Rotation(), now_ms) or _somebody_left(notes, recipients)
    ):
        stored, notes = None, {}
    lacking = [
        device
        for item, device in recipients.items()
        if item not in notes or not _has_key(vault, device, notes[item])
    ]
    claims = claim_bodies(vault, lacking, now_ms)
    late = frozenset(outdated(vault, readers))
    return Sharing(late, claims, room, readers, stored, notes, lacking, refused)


def share(machine: Machine, vault: Vault, sharing: Sharing, now_ms: int) -> list[ToDeviceBatch]:
    """Make the room's outbound session ready for the next message and give out its key.

    Devices without an Olm session are skipped until they have one. Who gets no key is told why,
    once for each session (spec: m.room_key.withheld). Raises NoAccount.
    """
    room, notes = sharing.room, dict(sharing.notes)
    stored = sharing.stored or begin_session(machine, vault, *room, now_ms)
    key, index = newcomers_key(machine, stored)
    session = _session(room[0], stored.session_id)
    writer = OlmWriter(machine, vault, "m.room_key", {**session, "session_key": key})
    keys, without = [], []
    for device in sharing.lacking:
        message = writer.encrypt(device)
        if message is None:
            without.append(device)
        else:
            keys.append((device, message))
            notes[_item(device)] = [_GIVEN, index, now_ms]
    told = _tell_refused(machine, vault, sharing, notes, session, now_ms)
    told += _tell_without_olm(machine, vault, without)
    kept: Json = {"session": stored.session_id, "notes": notes}
    vault.keep(records.shared(*room), kept, records.dump)
    _settle(vault, sharing, stored, without)
    return batches("m.room.encrypted", keys) + batches("m.room_key.withheld", told)


def _sorted_out(
    vault: Vault, audience: Audience, readers: Iterable[str]
) -> tuple[dict[str, Device], dict[str, tuple[Device, str]]]:
    """Tell who shall have the key, and who not and why; by `_item`."""
    recipients: dict[str, Device] = {}
    refused: dict[str, tuple[Device, str]] = {}
    for user in sorted(readers):
        peer = load_peer(vault, user)
        for device in peer.devices.values():
            if not device.encrypts:
                continue
            if peer.marks and peer.marks_of(device).refused:
                refused[_item(device)] = device, "m.blacklisted"
            elif device.signed or audience is Audience.ALL:
                recipients[_item(device)] = device
            else:
                refused[_item(device)] = device, "m.unverified"
    return recipients, refused


def _notes(
    vault: Vault, room: tuple[str, Audience], stored: OutboundSession
) -> Mapping[str, Note]:
    """The notes on this session; those on an ended one count no more."""
    kept = vault.read(records.shared(*room), records.load)
    if kept is None or kept["session"] != stored.session_id:
        return {}
    notes: Mapping[str, Note] = kept["notes"]
    return notes


def _somebody_left(notes: Mapping[str, Note], recipients: Mapping[str, Device]) -> bool:
    return any(note[0] == _GIVEN for item, note in notes.items() if item not in recipients)


def _has_key(vault: Vault, device: Device, note: Note) -> bool:
    """Whether it got the key, and began no new Olm session since."""
    if note[0] != _GIVEN:
        return False
    renewed = load_peer(vault, device.user_id).marks_of(device).renewed_ms
    return renewed is None or renewed <= note[2]


def _tell_refused(
    machine: Machine,
    vault: Vault,
    sharing: Sharing,
    notes: dict[str, Note],
    session: Json,
    now_ms: int,
) -> list[tuple[Device, Json]]:
    told = []
    for item, (device, code) in sharing.refused.items():
        if notes.get(item, [None])[0] != code:
            told.append((device, {**session, **_withheld(machine, vault, code)}))
            notes[item] = [code, None, now_ms]
    return told


def _tell_without_olm(
    machine: Machine, vault: Vault, without: Iterable[Device]
) -> list[tuple[Device, Json]]:
    """Once for each device until there is a session: it may begin one itself."""
    told = []
    for device in without:
        marks = load_peer(vault, device.user_id).marks_of(device)
        if marks.misses and not marks.told:
            content = {"algorithm": MEGOLM, **_withheld(machine, vault, "m.no_olm")}
            told.append((device, content))
            mark(vault, device, lambda marks: replace(marks, told=True))
    return told


def _settle(
    vault: Vault, sharing: Sharing, stored: OutboundSession, without: Iterable[Device]
) -> None:
    """Note that nothing is left to be done until something changes or a device is due again."""
    if sharing.outdated:
        return
    due = [due_ms(load_peer(vault, device.user_id).marks_of(device)) for device in without]
    settled, until_ms = settled_for(vault, sharing.readers), min(due, default=None)
    after = replace(stored, settled=settled, settled_until_ms=until_ms)
    save_session(vault, *sharing.room, after)


def _item(device: Device) -> str:
    return f"{device.user_id} {device.device_id} {device.curve25519}"


def _session(room_id: str, session_id: str) -> Json:
    return {"algorithm": MEGOLM, "room_id": room_id, "session_id": session_id}


def _withheld(machine: Machine, vault: Vault, code: str) -> Json:
    sender_key = own_device(machine, vault).curve25519
    return {"sender_key": sender_key, "code": code, "reason": _REASONS[code]}
