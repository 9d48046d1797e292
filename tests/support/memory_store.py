"""A store in memory for tests of adapters: facts, vaults, records; inbox and outbox as lists."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

from appservice.crypto import Key, Need, Vault
from appservice.ports import Arrival


class MemoryStore:
    """Keeps what a transaction wrote once its context ended without an error."""

    def __init__(self) -> None:
        self.on_saved: Callable[[Collection[Key]], None] = lambda _: None
        self.facts: dict[str, bytes] = {}
        self.keys: dict[tuple[str, str, str], bytes] = {}
        self.records: dict[tuple[type, str], Any] = {}
        self.inbox: list[Arrival] = []
        self.posted: dict[str, Any] = {}  # by id, in order
        self.effects: dict[str, str] = {}  # by event id, and by fingerprint

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["MemoryWork"]:
        await asyncio.sleep(0)  # others come between two transactions
        work = MemoryWork(self)
        yield work
        self.facts.update(work.facts)
        self.records.update(work.records)
        self.inbox += work.inbox
        for id_, posting in work.posted.items():
            self.posted.setdefault(id_, posting)
        for key, value in work.keys.items():
            if value is None:
                self.keys.pop(key, None)
            else:
                self.keys[key] = value

    def hash(self, *parts: str) -> str:
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


class MemoryWork:
    """One transaction."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.facts: dict[str, bytes] = {}
        self.keys: dict[tuple[str, str, str], bytes | None] = {}
        self.records: dict[tuple[type, str], Any] = {}
        self.inbox: list[Arrival] = []
        self.posted: dict[str, Any] = {}

    async def fact(self, name: str) -> bytes | None:
        return self.facts.get(name, self._store.facts.get(name))

    async def keep_fact(self, name: str, value: bytes) -> None:
        self.facts[name] = value

    async def vault(self, need: Need) -> Vault:
        loaded = {key: value for key, value in self._store.keys.items() if need.covers(key)}
        return Vault(loaded, need)

    async def save(self, vault: Vault) -> None:
        self.keys.update(vault.changes())
        self._store.on_saved(vault.changes().keys())

    async def forget(self, kinds: Collection[str]) -> None:
        self.keys.update({key: None for key in self._store.keys if key[0] in kinds})

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        self.inbox += arrivals

    async def effect_by_event(self, event: str) -> str | None:
        return self._store.effects.get(event)

    async def effect_by_fingerprint(self, fingerprint: str) -> str | None:
        return self._store.effects.get(fingerprint)

    async def all(self, kind: type) -> list[Any]:
        return [record for (of, _), record in self._store.records.items() if of is kind]

    async def get(self, kind: type, key: str) -> Any:
        return self._store.records.get((kind, key))

    async def several(self, kind: type, keys: Collection[str]) -> list[Any]:
        found = [await self.get(kind, key) for key in keys]
        return [record for record in found if record is not None]

    async def find(
        self,
        kinds: Collection[type],
        *,
        users: Collection[str] = (),
        groups: Collection[str] = (),
    ) -> list[Any]:
        return [
            record
            for kind in kinds
            for record in await self.all(kind)
            if record.indexed[0] in users or record.indexed[1] in groups
        ]

    async def of_group(self, kind: type, group: str) -> list[Any]:
        return [record for record in await self.all(kind) if record.indexed[1] == group]

    async def of_person(self, kind: type, user: str) -> list[Any]:
        return [record for record in await self.all(kind) if record.indexed[0] == user]

    async def post(self, posting: Any) -> None:
        self.posted.setdefault(posting.id, posting)

    async def put(self, record: Any) -> None:
        self.records[type(record), record.key] = record
