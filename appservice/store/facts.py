"""Single facts by name, sealed: the sync token, published keys, the generation."""

from sqlalchemy import select

from appservice.store import tables
from appservice.store.scope import Scope, place

TABLE = tables.facts


class Facts:
    """Facts; who keeps one gives its bytes a meaning."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self, name: str) -> bytes | None:
        """Return it; until the transaction ends nobody else changes it."""
        hashed = self._name(name)
        wanted = select(TABLE.c.body).where(TABLE.c.name == hashed).with_for_update()
        found = await self._scope.rows(wanted)
        if not found:
            return None
        return self._scope.keys.open(place(TABLE, "body", hashed), found[0].body)

    async def keep(self, name: str, value: bytes) -> None:
        hashed = self._name(name)
        body = self._scope.keys.seal(place(TABLE, "body", hashed), value)
        await self._scope.run_each(
            self._scope.upsert(TABLE, "body"), [{"name": hashed, "body": body}]
        )

    def _name(self, name: str) -> str:
        return self._scope.keys.hash("facts.name", name)
