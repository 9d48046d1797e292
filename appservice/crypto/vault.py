"""The machine's memory for one operation: records loaded before it, changes saved after it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from appservice.crypto.errors import NotLoaded

Value = TypeVar("Value")

_NOTHING: Mapping[str, bytes] = {}

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
        self._changed: dict[Key, None] = {}  # in order
        self._decoded: dict[Key, Any] = {}
        self._unwritten: dict[Key, Callable[[Any], bytes]] = {}
        self._owners: dict[Owner, dict[str, bytes]] = {}
        for (kind, owner, item), value in records.items():
            self._owners.setdefault((kind, owner), {})[item] = value

    def __repr__(self) -> str:
        return f"<Vault of {len(self._owners)} owners, {len(self._changed)} changes>"

    def get(self, key: Key) -> bytes | None:
        """The record, or None where there is none; raises NotLoaded if it was not asked for."""
        if key not in self._changed and not self._loaded.covers(key):
            raise NotLoaded(f"a record of kind {key[0]!r} was not loaded")
        if key in self._unwritten:
            self._write(key)
        return self._owners.get(key[:2], {}).get(key[2])

    def read(self, key: Key, decode: Callable[[bytes], Value]) -> Value | None:
        """Decode a record, once for as long as it stays as it is; raises NotLoaded.

        What comes back is shared by all who read it: change a copy, and `keep` that.
        """
        if key in self._decoded:
            return self._decoded[key]  # type: ignore[no-any-return]
        record = self.get(key)
        value = None if record is None else decode(record)
        self._decoded[key] = value
        return value

    def owned(self, kind: str, owner: str) -> Collection[str]:
        """The items of an owner, as they are now; raises NotLoaded if they were not asked for."""
        if (kind, owner) not in self._loaded.owners:
            raise NotLoaded(f"the records of kind {kind!r} were not loaded")
        return self._owners.get((kind, owner), _NOTHING).keys()

    def put(self, key: Key, value: bytes) -> None:
        items = self._owners.setdefault(key[:2], {})
        if key in self._unwritten or items.get(key[2]) != value:
            items[key[2]] = value
            self._changed[key] = None
            self._forget(key)

    def keep(self, key: Key, value: Value, encode: Callable[[Value], bytes]) -> None:
        """Put a value whose record is made when somebody asks for it: it may change again."""
        self._owners.setdefault(key[:2], {}).setdefault(key[2], b"")
        self._changed[key] = None
        self._decoded[key] = value
        self._unwritten[key] = encode

    def delete(self, key: Key) -> None:
        self._owners.get(key[:2], {}).pop(key[2], None)
        self._changed[key] = None
        self._forget(key)

    def changes(self) -> dict[Key, bytes | None]:
        """What must be stored; None means: delete."""
        for key in list(self._unwritten):
            self._write(key)
        return {key: self._owners.get(key[:2], {}).get(key[2]) for key in self._changed}

    def _write(self, key: Key) -> None:
        self._owners[key[:2]][key[2]] = self._unwritten.pop(key)(self._decoded[key])

    def _forget(self, key: Key) -> None:
        self._decoded.pop(key, None)
        self._unwritten.pop(key, None)
