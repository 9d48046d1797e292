"""The machine's memory for one operation: records loaded before it, changes saved after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from appservice.crypto.errors import NotLoaded

Key = tuple[str, str, str]
"""(kind, owner, item); the kinds are listed in records.py."""

Owner = tuple[str, str]
"""(kind, owner): stands for all items of that owner."""


@dataclass(frozen=True)
class Need:
    """What an operation must have loaded; join several with `|`."""

    owners: frozenset[Owner] = frozenset()
    items: frozenset[Key] = frozenset()

    def __or__(self, other: "Need") -> "Need":
        return Need(self.owners | other.owners, self.items | other.items)

    def covers(self, key: Key) -> bool:
        return key in self.items or key[:2] in self.owners


class Vault:
    """Records by key, with a note of what was changed.

    The caller loads what the `need_*` function asks for, runs one or several operations and stores
    `changes()` in one database transaction. Two vaults over the same records must not be
    changed at the same time: the caller holds a lock on the owners (above all on the account).
    """

    def __init__(self, records: Mapping[Key, bytes], loaded: Need) -> None:
        self._loaded = loaded
        self._changes: dict[Key, bytes | None] = {}
        self._owners: dict[Owner, dict[str, bytes]] = {}
        for (kind, owner, item), value in records.items():
            self._owners.setdefault((kind, owner), {})[item] = value

    def __repr__(self) -> str:
        return f"<Vault of {len(self._owners)} owners, {len(self._changes)} changes>"

    def get(self, key: Key) -> bytes | None:
        """The record, or None where there is none; raises NotLoaded if it was not asked for."""
        if key not in self._changes and not self._loaded.covers(key):
            raise NotLoaded(f"a record of kind {key[0]!r} was not loaded")
        return self._owners.get(key[:2], {}).get(key[2])

    def owned(self, kind: str, owner: str) -> dict[str, bytes]:
        """All records of an owner, by item; raises NotLoaded if they were not asked for."""
        if (kind, owner) not in self._loaded.owners:
            raise NotLoaded(f"the records of kind {kind!r} were not loaded")
        return dict(self._owners.get((kind, owner), {}))

    def put(self, key: Key, value: bytes) -> None:
        items = self._owners.setdefault(key[:2], {})
        if items.get(key[2]) != value:
            items[key[2]] = value
            self._changes[key] = value

    def delete(self, key: Key) -> None:
        self._owners.get(key[:2], {}).pop(key[2], None)
        self._changes[key] = None

    def changes(self) -> dict[Key, bytes | None]:
        """What must be stored; None means: delete."""
        return dict(self._changes)
