"""Claims one-time keys of others, believes only signed ones, and mends wedged sessions."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from appservice.crypto import fields
from appservice.crypto.account import need_account, open_account
from appservice.crypto.batches import batches
from appservice.crypto.devices import Marks, devices, load_peer, mark, need_peers
from appservice.crypto.olm import OlmWriter, begin_outbound, has_session
from appservice.crypto.signatures import is_signed
from appservice.crypto.values import ONE_TIME_KEY, Device, Json, Machine, ToDeviceBatch
from appservice.crypto.vault import Need, Vault

UNWEDGE_EVERY_MS = 3_600_000
MAX_CLAIMED = 1_000  # devices in one body, which is then about 100 kB
_FIRST_WAIT_MS = 2_000  # a claim is not repeated within one sending
_LONGEST_WAIT_MS = 900_000


def claim_bodies(vault: Vault, recipients: Iterable[Device], now_ms: int) -> tuple[Json, ...]:
    """Bodies for POST /keys/claim for the devices with which there is no session.

    A device that had no key is tried again at the next send (after 2 s, then ever more seldom).
    """
    lacking = [
        device
        for device in recipients
        if not has_session(vault, device)
        and now_ms >= due_ms(load_peer(vault, device.user_id).marks_of(device))
    ]
    some = range(0, len(lacking), MAX_CLAIMED)
    return tuple(_claim(lacking[begin : begin + MAX_CLAIMED]) for begin in some)


def due_ms(marks: Marks) -> int:
    """Tell from when on a device may be asked for a one-time key."""
    if not marks.misses:
        return 0
    wait: int = _FIRST_WAIT_MS * 8 ** min(marks.misses - 1, 5)
    return marks.missed_ms + min(wait, _LONGEST_WAIT_MS)


def need_claim(machine: Machine, claim: Json) -> Need:
    """For receive_claim; `claim`: the body that was sent."""
    return need_account(machine) | need_peers(claim["one_time_keys"])


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
        if begins:
            begun.append(device)
        mark(vault, device, _found if begins else _missed(now_ms))
    return begun


def need_unwedge(machine: Machine, wedged: Iterable[tuple[str, str]]) -> Need:
    """For unwedge_claim, and for unwedge with that claim."""
    return need_account(machine) | need_peers(user for user, _ in wedged)


def unwedge_claim(vault: Vault, wedged: Iterable[tuple[str, str]], now_ms: int) -> Json | None:
    """A /keys/claim body to begin anew with wedged devices, each at most once an hour, or None.

    `wedged`: user id and curve25519 of each, as a Wedged report has them. The hour begins with
    `unwedge`, so that a claim that is not answered counts for nothing.
    """
    due = []
    for user, curve25519 in wedged:
        for device in _with_keys(vault, user, curve25519):
            before = load_peer(vault, user).marks_of(device).unwedged_ms
            if before is None or now_ms - before >= UNWEDGE_EVERY_MS:
                due.append(device)
    return _claim(due) if due else None


def unwedge(
    machine: Machine, vault: Vault, response: Json, claim: Json, now_ms: int
) -> list[ToDeviceBatch]:
    """Begin anew with the answer to `unwedge_claim`; an m.dummy shows each the new session.

    Raises NoAccount.
    """
    receive_claim(machine, vault, response, claim, now_ms)
    writer = OlmWriter(machine, vault, "m.dummy", {})
    messages = []
    for device in _asked(vault, claim):
        mark(vault, device, lambda marks: replace(marks, unwedged_ms=now_ms))
        if (message := writer.encrypt(device)) is not None:
            messages.append((device, message))
    return batches("m.room.encrypted", messages)


def _claim(wanted: Iterable[Device]) -> Json:
    asked: dict[str, dict[str, str]] = {}
    for device in wanted:
        asked.setdefault(device.user_id, {})[device.device_id] = ONE_TIME_KEY
    return {"one_time_keys": asked, "timeout": 10_000}


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


def _found(marks: Marks) -> Marks:
    return replace(marks, misses=0, missed_ms=0, told=False)


def _missed(now_ms: int) -> Callable[[Marks], Marks]:
    return lambda marks: replace(marks, misses=marks.misses + 1, missed_ms=now_ms)
