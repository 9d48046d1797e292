"""Records of the encryption machine: loaded under a lock, saved as they changed."""

from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest
from typing import Any

from sqlalchemy import delete, func, or_, select

from appservice.crypto import Need, Vault
from appservice.store import tables
from appservice.store.columns import pack, unpack
from appservice.store.scope import CHUNK, Scope, place, within

TABLE = tables.crypto
_ROWS = select(TABLE.c.item, TABLE.c.body).where(
    or_(within(TABLE.c.owner, "owners"), within(TABLE.c.item, "items"))
)
_LOCK = 0x43_4B_76_61_75_6C_74  # any number will do, as long as no other lock has it

Key = tuple[str, str, str]  # kind, owner, item; shape of appservice.crypto's Vault


class Vaults:
    """Loads and saves vaults.

    Two transactions never hold a vault at the same time, so that no ratchet is used twice: on
    PostgreSQL an advisory lock sees to it, on SQLite there is one writer anyway.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._items: dict[Key, str] = {}  # hashes of what was loaded

    async def load(self, need: Need) -> Vault:
        if self._scope.postgres:
            await self._scope.rows(select(func.pg_advisory_xact_lock(_LOCK)))
        owners = [self._owner(*owner) for owner in need.owners]
        items = [self._item(key) for key in need.items if key[:2] not in need.owners]
        found: dict[Key, bytes] = {}
        both = zip_longest(_chunks(sorted(owners)), _chunks(sorted(items)), fillvalue=())
        for some_owners, some_items in both:
            named = {"owners": some_owners, "items": some_items}
            rows = await self._scope.rows(_ROWS, named)
            found.update(self._open(row.item, row.body) for row in rows)
        return Vault(found, need)

    async def save(self, vault: Vault) -> None:
        changes = vault.changes()
        self._scope.on_saved(changes.keys())
        kept = [self._values(key, value) for key, value in changes.items() if value is not None]
        gone = [self._item(key) for key, value in changes.items() if value is None]
        await self._scope.run_each(self._scope.upsert(TABLE, "body"), kept)
        for some in _chunks(gone):
            await self._scope.run(delete(TABLE).where(TABLE.c.item.in_(some)))

    async def forget(self, kinds: Collection[str]) -> None:
        await self._scope.run(delete(TABLE).where(TABLE.c.kind.in_(sorted(kinds))))

    def _values(self, key: Key, value: bytes) -> dict[str, Any]:
        item = self._item(key)
        plain = pack(*[part.encode("utf-8", "surrogatepass") for part in key], value)
        return {
            "item": item,
            "owner": self._owner(*key[:2]),
            "kind": key[0],
            "body": self._scope.keys.seal(place(TABLE, "body", item), plain),
        }

    def _open(self, item: str, body: bytes) -> tuple[Key, bytes]:
        plain = self._scope.keys.open(place(TABLE, "body", item), body)
        *named, value = unpack(plain)
        kind, owner, name = (str(part, "utf-8", "surrogatepass") for part in named)
        key = (kind, owner, name)
        self._items[key] = item
        return key, value

    def _owner(self, kind: str, owner: str) -> str:
        return self._scope.keys.hash("crypto.owner", kind, owner)

    def _item(self, key: Key) -> str:
        return self._items.get(key) or self._scope.keys.hash("crypto.item", *key)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    held = list(values)
    for at in range(0, len(held), CHUNK):
        yield held[at : at + CHUNK]
