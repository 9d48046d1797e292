"""Claims one-time keys of others, believes only signed ones, and mends wedged sessions."""

from collections.abc import Iterable

from appservice.crypto import fields, records
from appservice.crypto.account import need_account, open_account
from appservice.crypto.batches import batches
from appservice.crypto.devices import devices
from appservice.crypto.olm import OlmWriter, begin_outbound, sessions
from appservice.crypto.signatures import is_signed
from appservice.crypto.values import ONE_TIME_KEY, Device, Json, Machine, ToDeviceBatch
from appservice.crypto.vault import Need, Vault

UNWEDGE_EVERY_MS = 3_600_000
_FIRST_WAIT_MS = 2_000  # a claim is not repeated within one sending
_LONGEST_WAIT_MS = 900_000


def claim_body(vault: Vault, recipients: Iterable[Device], now_ms: int) -> Json | None:
    """A body for POST /keys/claim for the devices with which there is no session, or None.

    A device that had no key is tried again at the next send (after 2 s, then ever more seldom).
    """
    wanted: dict[str, dict[str, str]] = {}
    for device in recipients:
        if not sessions(vault, device.user_id, device.curve25519) and _due(vault, device, now_ms):
            wanted.setdefault(device.user_id, {})[device.device_id] = ONE_TIME_KEY
    return {"one_time_keys": wanted, "timeout": 10_000} if wanted else None


def need_claim(machine: Machine, claim: Json) -> Need:
    """For receive_claim; `claim`: the body that was sent."""
    owners = [(kind, user) for user in claim["one_time_keys"] for kind in ("device", "olm")]
    missing = [
        records.keyless(user, device_id)
        for user, asked in claim["one_time_keys"].items()
        for device_id in asked
    ]
    return need_account(machine) | records.need_owners(*owners) | records.need_items(*missing)


def receive_claim(
    machine: Machine, vault: Vault, response: Json, claim: Json, now_ms: int
) -> list[Device]:
    """Begin Olm sessions with the one-time or fallback keys of the answer; tells with whom.

    Keys that are missing, malformed or not signed by their device are noted and skipped. Raises
    NoAccount, and nothing on account of the response.
    """
    account = open_account(machine, vault)
    begun = []
    for device in _asked(vault, claim):
        value = fields.walk(response, "one_time_keys", device.user_id, device.device_id)
        one_time_key = _one_time_key(value, device)
        begins = one_time_key is not None and begin_outbound(
            machine, vault, account, device, one_time_key, now_ms
        )
        if not begins:
            _note_missing(vault, device, now_ms)
            continue
        begun.append(device)
        if vault.get(records.keyless(device.user_id, device.device_id)) is not None:
            vault.delete(records.keyless(device.user_id, device.device_id))
    return begun


def need_unwedge(machine: Machine, wedged: Iterable[tuple[str, str]]) -> Need:
    """For unwedge_claim, the receive_claim that follows, and dummies."""
    wedged = list(wedged)
    kinds = ("device", "olm", "keyless")
    owners = [(kind, user) for user, _ in wedged for kind in kinds]
    notes = [records.unwedge(user, curve25519) for user, curve25519 in wedged]
    return need_account(machine) | records.need_owners(*owners) | records.need_items(*notes)


def unwedge_claim(vault: Vault, wedged: Iterable[tuple[str, str]], now_ms: int) -> Json | None:
    """A /keys/claim body to begin anew with wedged devices, each at most once an hour, or None.

    `wedged`: user id and curve25519 of each, as a Wedged report has them.
    """
    wanted: dict[str, dict[str, str]] = {}
    for user, curve25519 in wedged:
        key = records.unwedge(user, curve25519)
        before = vault.get(key)
        if before is not None and now_ms - records.load(before)["at"] < UNWEDGE_EVERY_MS:
            continue
        for device in _with_keys(vault, user, curve25519):
            wanted.setdefault(user, {})[device.device_id] = ONE_TIME_KEY
            vault.put(key, records.dump({"at": now_ms}))
    return {"one_time_keys": wanted, "timeout": 10_000} if wanted else None


def dummies(
    machine: Machine, vault: Vault, wedged: Iterable[tuple[str, str]]
) -> list[ToDeviceBatch]:
    """An m.dummy for each of these devices, which shows it the new session."""
    writer = OlmWriter(machine, vault)
    known = [d for user, key in sorted(set(wedged)) for d in _with_keys(vault, user, key)]
    messages = [(device, writer.encrypt(device, "m.dummy", {})) for device in known]
    return batches("m.room.encrypted", messages)


def _with_keys(vault: Vault, user: str, curve25519: str) -> list[Device]:
    return [device for device in devices(vault, user) if device.curve25519 == curve25519]


def _asked(vault: Vault, claim: Json) -> list[Device]:
    return [
        device
        for user, asked in claim["one_time_keys"].items()
        for device in devices(vault, user)
        if device.device_id in asked
    ]


def _one_time_key(value: object, device: Device) -> str | None:
    """The key, if there is exactly one and the device has signed it."""
    keys = fields.obj(value)
    if keys is None or len(keys) != 1:
        return None
    ((key_id, signed),) = keys.items()
    public = fields.key(fields.walk(signed, "key"))
    if public is None or not key_id.startswith(f"{ONE_TIME_KEY}:"):
        return None
    right = is_signed(signed, device.user_id, device.device_id, device.ed25519)
    return public if right else None


def _due(vault: Vault, device: Device, now_ms: int) -> bool:
    record = vault.owned("keyless", device.user_id).get(device.device_id)
    if record is None:
        return True
    value = records.load(record)
    wait = min(_FIRST_WAIT_MS * 8 ** min(value["misses"] - 1, 5), _LONGEST_WAIT_MS)
    return bool(now_ms - value["at"] >= wait)


def _note_missing(vault: Vault, device: Device, now_ms: int) -> None:
    key = records.keyless(device.user_id, device.device_id)
    record = vault.get(key)
    misses = 0 if record is None else records.load(record)["misses"]
    vault.put(key, records.dump({"misses": misses + 1, "at": now_ms}))
