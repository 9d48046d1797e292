"""What came in: kept once, handled in order, erased when done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from appservice.domain.types import CauseId
from appservice.ports import Arrival, Parked
from appservice.store import tables
from appservice.store.box import Box
from appservice.store.codec import EVENTS, dumps, loads
from appservice.store.columns import ticks, utc
from appservice.store.scope import Scope, place
from appservice.store.tables import ASIDE, NEW

TABLE = tables.inbox


class Inbox:
    """Rows of the inbox, found by the keyed hash of what caused them."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._box = Box(scope, TABLE)

    async def accept(self, arrivals: Sequence[Arrival]) -> int:
        if not arrivals:
            return 0
        statement = self._scope.insert_new(TABLE, "id", returning="number")
        values = [self._values(arrival) for arrival in arrivals]
        return len(await self._scope.rows(statement, values))

    async def arrivals(self, now: datetime, limit: int) -> Sequence[Arrival]:
        return await self._box.heads(now, limit, self._arrival)

    async def finish(self, number: int) -> bool:
        return await self._box.take(number, lane=None, waiting_for=None, body=None)

    async def set_aside(self, number: int, until: datetime, waiting_for: str | None) -> None:
        waiting = None if waiting_for is None else self._waiting(waiting_for)
        await self._box.change(number, state=ASIDE, due=ticks(until), waiting_for=waiting)

    async def release(self, waiting_for: str) -> int:
        columns = TABLE.c
        return await self._scope.run(
            update(TABLE)
            .where(columns.waiting_for == self._waiting(waiting_for), columns.state == ASIDE)
            .values(state=NEW, due=0, waiting_for=None)
        )

    async def postpone(self, number: int, until: datetime) -> None:
        await self._box.postpone(number, until)

    async def hurry(self) -> None:
        await self._box.hurry()

    async def park(self, number: int, reason: str) -> None:
        await self._box.park(number, reason)

    async def parked(self) -> Sequence[Parked]:
        return [
            Parked(row.id, "inbox", row.name, row.reason, self._scope.moment(row.since))
            for row in await self._box.parked()
        ]

    async def retry(self, id_: str) -> bool:
        """Take the id as `parked` shows it, or the event id itself."""
        return await self._box.retry(id_) or await self._box.retry(self._id(id_))

    async def drop(self, id_: str) -> bool:
        """Take the id as `parked` shows it, or the event id itself."""
        return await self._drop(id_) or await self._drop(self._id(id_))

    async def _drop(self, hashed: str) -> bool:
        return await self._box.drop(hashed, waiting_for=None)

    def _values(self, arrival: Arrival) -> dict[str, Any]:
        body = arrival.body
        event = None if isinstance(body, dict) else body
        sealed = {
            "id": arrival.id,
            "lane": arrival.lane,
            "source": arrival.source,
            "received": utc(arrival.received),
            **({"body": body} if event is None else {"event": EVENTS.plain(event)}),
        }
        ident = self._id(arrival.id)
        return {
            "id": ident,
            "lane": self._scope.keys.hash("inbox.lane", arrival.lane),
            "name": arrival.source if event is None else type(event).__name__,
            "state": NEW,
            "due": 0,
            "attempts": arrival.attempts,
            "since": ticks(arrival.received),
            "body": self._scope.keys.seal(place(TABLE, "body", ident), dumps(sealed)),
        }

    def _arrival(self, row: Row[Any]) -> Arrival:
        plain = loads(self._scope.keys.open(place(TABLE, "body", row.id), row.body))
        return Arrival(
            id=CauseId(plain["id"]),
            lane=plain["lane"],
            source=plain["source"],
            body=EVENTS.value(plain["event"]) if "event" in plain else plain["body"],
            received=datetime.fromisoformat(plain["received"]),
            row=row.number,
            attempts=row.attempts,
        )

    def _id(self, cause: str) -> str:
        return self._scope.keys.hash("inbox.id", cause)

    def _waiting(self, waiting_for: str) -> str:
        return self._scope.keys.hash("inbox.waiting_for", waiting_for)
