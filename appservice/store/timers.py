"""What is to happen later: one row a key, moved into the inbox when its time has come."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select, update

from appservice.domain.events import Event
from appservice.domain.types import CauseId, derive
from appservice.errors import PermanentError
from appservice.ports import Arrival
from appservice.store import tables
from appservice.store.codec import EVENTS, dumps, loads
from appservice.store.columns import ticks, utc
from appservice.store.inbox import Inbox
from appservice.store.scope import CHUNK, Scope, place

TABLE = tables.timers
_LATER = timedelta(days=1)
_NEXT = select(func.min(TABLE.c.due))

log = structlog.get_logger()


class Timers:
    """Timers; a time that passed while nothing ran is simply due."""

    def __init__(self, scope: Scope, inbox: Inbox) -> None:
        self._scope = scope
        self._inbox = inbox

    async def wake(self, key: str, due: datetime, event: Event) -> None:
        hashed = self._key(key)
        plain = {"key": key, "due": utc(due), "event": EVENTS.plain(event)}
        values = {
            "key": hashed,
            "due": ticks(due),
            "name": type(event).__name__,
            "body": self._scope.keys.seal(place(TABLE, "body", hashed), dumps(plain)),
        }
        await self._scope.run_each(self._scope.upsert(TABLE, "due", "name", "body"), [values])

    async def unwake(self, key: str) -> None:
        await self._scope.run(delete(TABLE).where(TABLE.c.key == self._key(key)))

    async def due(self, now: datetime, limit: int) -> int:
        """Move timers into the inbox as `derive("timer", key, due in UTC, ISO 8601)`.

        One that cannot be read stops no other; it is tried again the next day.
        """
        found = await self._scope.rows(
            select(TABLE)
            .where(TABLE.c.due <= ticks(now))
            .order_by(TABLE.c.due, TABLE.c.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        arrivals, moved = [], []
        for row in found:
            try:
                arrivals.append(self._arrival(row.key, row.body, now))
                moved.append(row.key)
            except PermanentError as error:
                log.error("timer_unreadable", name=row.name, reason=str(error))
                here = TABLE.c.key == row.key
                await self._scope.run(update(TABLE).where(here).values(due=ticks(now + _LATER)))
        for start in range(0, len(moved), CHUNK):
            some = moved[start : start + CHUNK]
            await self._scope.run(delete(TABLE).where(TABLE.c.key.in_(some)))
        await self._inbox.accept(arrivals)
        return len(arrivals)

    async def next_due(self) -> datetime | None:
        found = (await self._scope.rows(_NEXT))[0][0]
        return None if found is None else self._scope.moment(found)

    def _arrival(self, hashed: str, sealed: bytes, now: datetime) -> Arrival:
        plain = loads(self._scope.keys.open(place(TABLE, "body", hashed), sealed))
        event = EVENTS.value(plain["event"])
        cause = CauseId(derive("timer", plain["key"], plain["due"]))
        return Arrival(cause, self._scope.lane_of(event), "event", event, now)

    def _key(self, key: str) -> str:
        return self._scope.keys.hash("timers.key", key)
