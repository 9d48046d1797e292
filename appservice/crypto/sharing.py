"""Gives the key of a room's outbound session to the right devices, and tells others that not."""

# ruff: noqa: PLR0913  (machine and vault go everywhere)

from collections.abc import Iterable
from dataclasses import dataclass

from appservice.crypto import records
from appservice.crypto.account import need_account, own_device
from appservice.crypto.batches import batches
from appservice.crypto.claims import claim_body
from appservice.crypto.devices import devices, need_tracking, outdated
from appservice.crypto.olm import OlmWriter
from appservice.crypto.outbound import (
    OutboundSession,
    begin_session,
    load_session,
    newcomers_key,
    open_session,
)
from appservice.crypto.values import (
    MEGOLM,
    Audience,
    Device,
    Json,
    Machine,
    Rotation,
    Sharing,
    ToDeviceBatch,
)
from appservice.crypto.vault import Need, Vault

_GIVEN = ""  # the code of a device that has the key; others have a withheld code
_UNVERIFIED = "m.unverified"


@dataclass(frozen=True)
class _Plan:
    """Who has what of the present session, and who shall have what; by shared item."""

    stored: OutboundSession | None  # None: a new session is due
    shared: dict[str, bytes]
    recipients: dict[str, Device]
    refused: dict[str, Device]

    def lacking(self, vault: Vault) -> list[Device]:
        """The recipients without the key, or who began a new Olm session since they got it."""
        shared = self.shared if self.stored is not None else {}
        return [
            device
            for item, device in self.recipients.items()
            if not _has_key(vault, device, shared.get(item))
        ]


def need_sharing(machine: Machine, room_id: str, audience: Audience, users: Iterable[str]) -> Need:
    """For prepare_sharing and share."""
    users = list(users)
    kinds = ("device", "olm", "keyless", "renewed")
    owners = [(kind, user) for user in users for kind in kinds]
    return (
        need_account(machine)
        | need_tracking(users)
        | records.need_owners(records.shared_owner(room_id, audience), *owners)
        | records.need_items(records.outbound(room_id, audience))
    )


def prepare_sharing(
    machine: Machine,
    vault: Vault,
    room_id: str,
    audience: Audience,
    users: Iterable[str],
    now_ms: int,
    rotation: Rotation | None = None,
) -> Sharing:
    """What must be asked of the homeserver before `share`: outdated lists, one-time keys.

    `users`: all who are joined to the room (and invited, where history visibility says so);
    our own user is left out.
    """
    users = [user for user in users if user != machine.user_id]
    plan = _plan(machine, vault, (room_id, audience), users, now_ms, rotation)
    claim = claim_body(vault, plan.lacking(vault), now_ms)
    return Sharing(claim, frozenset(outdated(vault, users)))


def share(
    machine: Machine,
    vault: Vault,
    room_id: str,
    audience: Audience,
    users: Iterable[str],
    now_ms: int,
    rotation: Rotation | None = None,
) -> list[ToDeviceBatch]:
    """Make the outbound session ready for the next message and give out its key.

    A new session begins when the old is worn out or somebody who had its key is no recipient any
    more. Devices without an Olm session are skipped until they have one. Unsigned devices are told
    once for each session when the audience is SIGNED. Raises NoAccount.
    """
    users = [user for user in users if user != machine.user_id]
    plan = _plan(machine, vault, (room_id, audience), users, now_ms, rotation)
    stored = plan.stored or begin_session(machine, vault, room_id, audience, now_ms)
    shared = _kept(vault, room_id, audience, plan)
    key, index = newcomers_key(machine, stored)
    content: Json = {
        "algorithm": MEGOLM,
        "room_id": room_id,
        "session_id": stored.session_id,
        "session_key": key,
    }
    writer = OlmWriter(machine, vault)
    keys = []
    for device in plan.lacking(vault):
        if (message := writer.encrypt(device, "m.room_key", content)) is not None:
            keys.append((device, message))
            _note(vault, room_id, audience, device, {"code": _GIVEN, "from": index, "at": now_ms})
    told = []
    withheld = _withheld(room_id, stored.session_id, own_device(machine, vault).curve25519)
    for item, device in plan.refused.items():
        if item not in shared:
            told.append((device, withheld))
            _note(vault, room_id, audience, device, {"code": _UNVERIFIED, "at": now_ms})
    return batches("m.room.encrypted", keys) + batches("m.room_key.withheld", told)


def _plan(
    machine: Machine,
    vault: Vault,
    room: tuple[str, Audience],
    users: list[str],
    now_ms: int,
    rotation: Rotation | None,
) -> _Plan:
    recipients: dict[str, Device] = {}
    refused: dict[str, Device] = {}
    for user in sorted(set(users)):
        for device in devices(vault, user):
            if device.encrypts:
                allowed = device.signed or room[1] is Audience.ALL
                (recipients if allowed else refused)[_item(device)] = device
    shared = vault.owned(*records.shared_owner(*room))
    stored = load_session(vault, *room)
    if stored is not None:
        worn = stored.worn(open_session(machine, stored), rotation or Rotation(), now_ms)
        if worn or _somebody_left(shared, recipients):
            stored = None
    return _Plan(stored, shared, recipients, refused)


def _somebody_left(shared: dict[str, bytes], recipients: dict[str, Device]) -> bool:
    gone = (record for item, record in shared.items() if item not in recipients)
    return any(records.load(record)["code"] == _GIVEN for record in gone)


def _kept(vault: Vault, room_id: str, audience: Audience, plan: _Plan) -> dict[str, bytes]:
    """The notes that still hold; those of an ended session are deleted."""
    if plan.stored is not None:
        return plan.shared
    kind, owner = records.shared_owner(room_id, audience)
    for item in plan.shared:
        vault.delete((kind, owner, item))
    return {}


def _has_key(vault: Vault, device: Device, record: bytes | None) -> bool:
    if record is None:
        return False
    note = records.load(record)
    if note["code"] != _GIVEN:
        return False
    renewed = vault.get(records.renewed(device.user_id, device.curve25519))
    return renewed is None or records.load(renewed)["at"] <= note["at"]


def _note(vault: Vault, room_id: str, audience: Audience, device: Device, note: Json) -> None:
    kind, owner = records.shared_owner(room_id, audience)
    vault.put((kind, owner, _item(device)), records.dump(note))


def _item(device: Device) -> str:
    return f"{device.user_id} {device.device_id} {device.curve25519}"


def _withheld(room_id: str, session_id: str, sender_key: str) -> Json:
    return {
        "algorithm": MEGOLM,
        "room_id": room_id,
        "session_id": session_id,
        "sender_key": sender_key,
        "code": _UNVERIFIED,
        "reason": "The device is not verified by its owner",
    }
