"""Everything that is kept of one person: to be shown to them, and to be forgotten."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Table, delete, or_, select, update

from appservice.domain.records import Care
from appservice.domain.types import UserId
from appservice.errors import PermanentError
from appservice.store import tables
from appservice.store.codec import loads
from appservice.store.records import Records
from appservice.store.scope import Scope, place
from appservice.store.tables import DONE, PARKED

STAYS = Care.kind  # until it is closed, whoever it names


class People:
    """What the tables hold of somebody, whichever rule wrote it there."""

    def __init__(self, scope: Scope, records: Records) -> None:
        self._scope = scope
        self._records = records

    async def about(self, user: UserId) -> Sequence[dict[str, Any]]:
        return [plain for kind, plain in await self._records.plain_of(user) if kind != STAYS]

    async def forget(self, user: UserId, lanes: Collection[str]) -> None:
        await self._records.forget(user, but=STAYS)
        await self._forget_timers(user)
        for box in (tables.inbox, tables.outbox):
            await self._forget_waiting(box, user, lanes)

    async def _forget_timers(self, user: UserId) -> None:
        table = tables.timers
        for row in await self._scope.rows(select(table.c.key, table.c.body)):
            try:
                plain = loads(self._scope.keys.open(place(table, "body", row.key), row.body))
            except PermanentError:
                continue  # damaged: it tells nobody's name any more
            if plain["event"].get("user") == user:
                await self._scope.run(delete(table).where(table.c.key == row.key))

    async def _forget_waiting(self, box: Table, user: UserId, lanes: Collection[str]) -> None:
        """Finish what waits in their lanes, and whatever is parked and names them."""
        columns = box.c
        hashed = [self._scope.keys.hash(f"{box.name}.lane", lane) for lane in lanes]
        rows = await self._scope.rows(
            select(columns.number, columns.id, columns.lane, columns.body).where(
                columns.lane.is_not(None), or_(columns.lane.in_(hashed), columns.state == PARKED)
            )
        )
        emptied = {"prepared": None} if "prepared" in columns else {"waiting_for": None}
        gone = update(box).values(state=DONE, lane=None, body=None, **emptied)
        for row in rows:
            if row.lane in hashed or self._names(box, row.id, row.body, user):
                await self._scope.run(gone.where(columns.number == row.number))

    def _names(self, box: Table, ident: str, body: bytes, user: UserId) -> bool:
        try:
            return user.encode() in self._scope.keys.open(place(box, "body", ident), body)
        except PermanentError:
            return False  # damaged: it tells nobody's name any more
