"""Our Olm account: device keys, one-time and fallback keys, and their upload."""

from collections.abc import Mapping, Sequence
from typing import Any

import vodozemac

from appservice.crypto import records
from appservice.crypto.errors import NoAccount
from appservice.crypto.signatures import Signer, sign_json
from appservice.crypto.values import MEGOLM, OLM, ONE_TIME_KEY, Device, Json, Machine
from appservice.crypto.vault import Need, Vault

FALLBACK_MS = 604_800_000


def need_account(machine: Machine) -> Need:
    """For create_account, keys_upload_body, keys_uploaded and device_keys."""
    return records.need_items(records.account(machine))


def create_account(machine: Machine, vault: Vault) -> Device:
    """Make the account if there is none, and tell our own device."""
    key = records.account(machine)
    if vault.get(key) is None:
        account = vodozemac.Account()
        state: dict[str, Any] = {"published": False, "pending": None}
        state["device_keys"] = _device_keys(machine, account)
        save_account(machine, vault, account, state)
    return own_device(machine, vault)


def own_device(machine: Machine, vault: Vault) -> Device:
    """Our own device with its public keys; raises NoAccount."""
    keys = device_keys(machine, vault)
    public, device_id = keys["keys"], machine.device_id
    signed = len(keys["signatures"][machine.user_id]) > 1
    curve25519, ed25519 = public[f"curve25519:{device_id}"], public[f"ed25519:{device_id}"]
    return Device(machine.user_id, device_id, curve25519, ed25519, signed=signed)


def device_keys(machine: Machine, vault: Vault) -> Json:
    """Our device keys as the world sees them, with all their signatures; raises NoAccount."""
    keys: Json = account_state(machine, vault)["device_keys"]
    return keys


def keys_upload_body(
    machine: Machine,
    vault: Vault,
    counts: Mapping[str, int] | None,
    unused_fallback: Sequence[str] | None,
    now_ms: int,
) -> Json | None:
    """A body for POST /keys/upload, or None when nothing is missing.

    `counts` and `unused_fallback`: device_one_time_keys_count and
    device_unused_fallback_key_types of /sync, None if absent. A fallback key is replaced once it
    was used, and after a week. Save the vault before sending: until `keys_uploaded`, every call
    gives the very same body again. Raises NoAccount.
    """
    state = dict(account_state(machine, vault))
    if state["pending"] is not None:
        pending: Json = state["pending"]
        return pending
    account = open_account(machine, vault)
    body: Json = {}
    if not state["published"]:
        body["device_keys"] = state["device_keys"]
    if one_time_keys := _refill(machine, account, state, counts):
        body["one_time_keys"] = one_time_keys
    if _fallback_due(state, unused_fallback, now_ms):
        state["fallback_ms"] = now_ms
        account.generate_fallback_key()  # the one before still opens what is under way
        body["fallback_keys"] = _signed_keys(machine, account, account.fallback_key, fallback=True)
    if not body:
        return None
    account.mark_keys_as_published()  # they live in the pending body from now on
    save_account(machine, vault, account, {**state, "pending": body})
    return body


def keys_uploaded(machine: Machine, vault: Vault) -> None:
    """The homeserver has taken the pending body."""
    state = account_state(machine, vault)
    if state["pending"] is not None:
        _put(machine, vault, {**state, "published": True, "pending": None})


def add_signatures(machine: Machine, vault: Vault, signed: Json) -> None:
    """Keep further signatures (of our self-signing key) of our device keys."""
    _put(machine, vault, {**account_state(machine, vault), "device_keys": signed})


def account_state(machine: Machine, vault: Vault) -> Mapping[str, Any]:
    """The account's record; raises NoAccount."""
    state = vault.read(records.account(machine), records.load)
    if state is None:
        raise NoAccount("this device has no account yet")
    return state


def open_account(machine: Machine, vault: Vault) -> Any:
    """The vodozemac account; raises NoAccount."""
    pickle = account_state(machine, vault)["pickle"]
    return vodozemac.Account.from_pickle(pickle, machine.pickle_key)


def save_account(
    machine: Machine, vault: Vault, account: Any, state: Mapping[str, Any] | None = None
) -> None:
    state = account_state(machine, vault) if state is None else state
    _put(machine, vault, {**state, "pickle": account.pickle(machine.pickle_key)})


def _put(machine: Machine, vault: Vault, state: dict[str, Any]) -> None:
    vault.keep(records.account(machine), state, records.dump)


def _signer(account: Any) -> Signer:
    return lambda octets: account.sign(octets).to_base64()


def _device_keys(machine: Machine, account: Any) -> Json:
    keys = {
        "user_id": machine.user_id,
        "device_id": machine.device_id,
        "algorithms": [OLM, MEGOLM],
        "keys": {
            f"curve25519:{machine.device_id}": account.curve25519_key.to_base64(),
            f"ed25519:{machine.device_id}": account.ed25519_key.to_base64(),
        },
    }
    return sign_json(keys, machine.user_id, machine.device_id, _signer(account))


def _signed_keys(
    machine: Machine, account: Any, keys: Mapping[str, Any], *, fallback: bool = False
) -> Json:
    signed = {}
    for key_id, public in keys.items():
        key = {"key": public.to_base64(), **({"fallback": True} if fallback else {})}
        signed[f"{ONE_TIME_KEY}:{key_id}"] = sign_json(
            key, machine.user_id, machine.device_id, _signer(account)
        )
    return signed


def _refill(
    machine: Machine, account: Any, state: Mapping[str, Any], counts: Mapping[str, int] | None
) -> Json:
    """New one-time keys up to half of what the account can hold, signed."""
    if counts is None and state["published"]:
        return {}
    half = account.max_number_of_one_time_keys // 2
    missing = half - max((counts or {}).get(ONE_TIME_KEY, 0), 0)
    if missing <= 0:
        return {}
    account.generate_one_time_keys(missing)
    return _signed_keys(machine, account, account.one_time_keys)


def _fallback_due(state: Mapping[str, Any], unused: Sequence[str] | None, now_ms: int) -> bool:
    used = not state["published"] if unused is None else ONE_TIME_KEY not in unused
    return used or now_ms - state.get("fallback_ms", 0) >= FALLBACK_MS
