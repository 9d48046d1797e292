"""The private keys of our identity in the keeper's secret storage, sealed by the recovery key.

They lie in account data (spec: "Secret storage"), so that any client can restore the identity with
the recovery key alone. The homeserver sees ciphertext. Nothing of it must be the same bytes after
a crash: what lies there is opened and compared, and only what differs is written.
"""

from collections.abc import Mapping

from appservice import crypto
from appservice.domain.types import UserId
from appservice.matrix.client import Client

_DEFAULT = "m.secret_storage.default_key"


async def find_secrets(client: Client, keeper: UserId, key: bytes) -> dict[str, str]:
    """Return what this key opens of our identity's private keys, by name. `key`: 32 bytes."""
    key_id = await _key_id(client, keeper, key)
    return {} if key_id is None else await _open(client, keeper, key, key_id)


async def keep_secrets(
    client: Client, keeper: UserId, key: bytes, secrets: Mapping[str, str]
) -> None:
    """See to it that secret storage holds these, sealed by this key."""
    key_id = await _key_id(client, keeper, key)
    if key_id is None:
        key_id = crypto.storage_key_id(key)
        description = crypto.describe_key(key)
        await client.put_account_data(_described(key_id), description, user=keeper)
        await client.put_account_data(_DEFAULT, {"key": key_id}, user=keeper)
    found = await _open(client, keeper, key, key_id)
    for name, secret in secrets.items():
        if found.get(name) != secret:
            sealed = crypto.seal_secret(key, key_id, name, secret)
            await client.put_account_data(name, sealed, user=keeper)


async def _open(client: Client, keeper: UserId, key: bytes, key_id: str) -> dict[str, str]:
    found = {}
    for name in crypto.SECRETS.values():
        content = await client.account_data(name, user=keeper)
        try:
            found[name] = crypto.open_secret(key, key_id, name, content)
        except crypto.BadSecret:
            continue
    return found


async def _key_id(client: Client, keeper: UserId, key: bytes) -> str | None:
    """Return the id of the default key if it is this one."""
    default = await client.account_data(_DEFAULT, user=keeper)
    key_id = (default or {}).get("key")
    if not isinstance(key_id, str):
        return None
    description = await client.account_data(_described(key_id), user=keeper)
    return key_id if crypto.is_storage_key(key, description) else None


def _described(key_id: str) -> str:
    return f"m.secret_storage.key.{key_id}"
