"""What is to be done outside: written down once, carried out in order, erased when done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from appservice.domain.types import EffectId, EventId
from appservice.errors import PermanentError
from appservice.ports import Parked, Posting, Prepared
from appservice.store import tables
from appservice.store.box import Box
from appservice.store.codec import EFFECTS, PREPARED, dumps, loads
from appservice.store.columns import ticks, utc
from appservice.store.scope import Scope, place
from appservice.store.tables import NEW

TABLE = tables.outbox


class Outbox:
    """Rows of the outbox, found by effect id, by ciphertext or by the event they became."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._box = Box(scope, TABLE)

    async def post(self, posting: Posting) -> None:
        statement = self._scope.insert_new(TABLE, "id")
        await self._scope.run_each(statement, [self._values(posting)])

    async def postings(self, now: datetime, limit: int) -> Sequence[Posting]:
        return await self._box.heads(now, limit, self._posting)

    async def claim(self, number: int) -> Posting | None:
        row = await self._box.claim(number)
        return None if row is None else self._posting(row)

    async def prepare(self, posting: Posting, prepared: Prepared) -> None:
        sealed = self._seal("prepared", posting.id, PREPARED.plain(prepared))
        mark = self._fingerprint(prepared.fingerprint)
        changed = {"prepared": sealed, "fingerprint": mark, "keys_sent": False}
        if not await self._box.change(posting.row, **changed):
            raise PermanentError("it was done or forgotten meanwhile", "gone")

    async def mark_keys_sent(self, number: int) -> None:
        await self._box.change(number, keys_sent=True)

    async def done(self, number: int, event: EventId | None) -> None:
        became = {} if event is None else {"event": self._event(event)}
        await self._box.end(number, lane=None, body=None, prepared=None, **became)

    async def postpone(self, number: int, until: datetime) -> None:
        await self._box.postpone(number, until)

    async def hurry(self) -> None:
        await self._box.hurry()

    async def park(self, number: int, reason: str) -> None:
        await self._box.park(number, reason)

    async def by_fingerprint(self, fingerprint: str) -> EffectId | None:
        return await self._find(TABLE.c.fingerprint == self._fingerprint(fingerprint))

    async def by_event(self, event: EventId) -> EffectId | None:
        return await self._find(TABLE.c.event == self._event(event))

    async def remember_event(self, effect: EffectId, event: EventId) -> None:
        await self._scope.run(
            update(TABLE).where(TABLE.c.id == effect).values(event=self._event(event))
        )

    async def parked(self) -> Sequence[Parked]:
        return [
            Parked(row.id, "outbox", row.name, row.reason, self._scope.moment(row.since))
            for row in await self._box.parked()
        ]

    async def retry(self, id_: str) -> bool:
        return await self._box.retry(id_)

    async def drop(self, id_: str) -> bool:
        return await self._box.drop(id_, prepared=None)

    async def _find(self, condition: Any) -> EffectId | None:
        statement = select(TABLE.c.id).where(condition).order_by(TABLE.c.number.desc()).limit(1)
        found = await self._scope.rows(statement)
        return EffectId(found[0].id) if found else None

    def _values(self, posting: Posting) -> dict[str, Any]:
        plain = {
            "lane": posting.lane,
            "created": utc(posting.created),
            "effect": EFFECTS.plain(posting.effect),
        }
        prepared = posting.prepared
        return {
            "id": posting.id,
            "lane": self._scope.keys.hash("outbox.lane", posting.lane),
            "name": type(posting.effect).__name__,
            "state": NEW,
            "due": 0,
            "attempts": posting.attempts,
            "since": ticks(posting.created),
            "keys_sent": posting.keys_sent,
            "body": self._seal("body", posting.id, plain),
            "fingerprint": self._fingerprint(prepared.fingerprint) if prepared else None,
            "prepared": (
                self._seal("prepared", posting.id, PREPARED.plain(prepared)) if prepared else None
            ),
        }

    def _posting(self, row: Row[Any]) -> Posting:
        plain = self._open("body", row.id, row.body)
        prepared = None
        if row.prepared is not None:
            prepared = PREPARED.value(self._open("prepared", row.id, row.prepared))
        return Posting(
            id=EffectId(row.id),
            lane=plain["lane"],
            effect=EFFECTS.value(plain["effect"]),
            created=datetime.fromisoformat(plain["created"]),
            row=row.number,
            attempts=row.attempts,
            prepared=prepared,
            keys_sent=row.keys_sent,
        )

    def _seal(self, column: str, ident: str, plain: Any) -> bytes:
        return self._scope.keys.seal(place(TABLE, column, ident), dumps(plain))

    def _open(self, column: str, ident: str, sealed: bytes) -> Any:
        return loads(self._scope.keys.open(place(TABLE, column, ident), sealed))

    def _fingerprint(self, fingerprint: str) -> str:
        return self._scope.keys.hash("outbox.fingerprint", fingerprint)

    def _event(self, event: str) -> str:
        return self._scope.keys.hash("outbox.event", event)
