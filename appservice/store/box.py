"""What inbox and outbox have in common: lanes, due times, set-aside and parked rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from appservice.errors import PermanentError
from appservice.store.columns import ticks
from appservice.store.scope import Scope
from appservice.store.tables import ASIDE, DONE, NEW, PARKED

Item = TypeVar("Item")


@dataclass(frozen=True)
class Box:
    """The rows of a queue. A lane's head is its lowest-numbered row that is not set aside."""

    scope: Scope
    table: Table

    async def heads(
        self, now: datetime, limit: int, read: Callable[[Row[Any]], Item]
    ) -> Sequence[Item]:
        """Return the head of each lane whose time has come, as it is read, oldest first.

        A postponed head keeps its lane waiting; a row set aside does not, and takes part again
        when its time has come. What cannot be read is parked.
        """
        found = []
        for row in await self.scope.rows(_heads(self.table), {"now": ticks(now), "limit": limit}):
            try:
                found.append(read(row))
            except PermanentError as error:  # one bad row must not hide the others
                await self.park(row.number, str(error))
        return found

    async def claim(self, number: int) -> Row[Any] | None:
        """Lock an open row whose time has come, and its lane, until the transaction ends.

        None if there is no such row, or another instance works in its lane. SQLite has one
        writer at a time, so there the transaction itself is the lock.
        """
        this = {"this": number, "now": self.scope.now()}
        found = await self.scope.rows(_claimed(self.table), this)
        if not found or not await self._lock_lane(found[0].lane):
            return None
        return found[0]

    async def take(self, number: int, **erased: None) -> bool:
        """Claim a row and mark it done; False if there is nothing to claim."""
        if self.scope.postgres and await self.claim(number) is None:
            return False
        statement = _ended(self.table, tuple(sorted(erased)))
        this = {"this": number, "now": self.scope.now(), "state": DONE, **erased}
        return await self.scope.run(statement, this) > 0

    async def _lock_lane(self, lane: str) -> bool:
        if not self.scope.postgres:
            return True
        lock = int(self.scope.keys.hash("lane", self.table.name, lane)[:15], 16)
        return bool((await self.scope.rows(select(func.pg_try_advisory_xact_lock(lock))))[0][0])

    async def change(self, number: int, **values: Any) -> int:
        """Change an unfinished row; return how many there were (0 or 1)."""
        statement = _changed(self.table, tuple(sorted(values)))
        return await self.scope.run(statement, {"this": number, **values})

    async def end(self, number: int, **values: Any) -> None:
        """Mark a row done, and change it, unless it is done already."""
        statement = _changed(self.table, tuple(sorted(("state", *values))))
        await self.scope.run_each(statement, [{"this": number, "state": DONE, **values}])

    async def postpone(self, number: int, until: datetime) -> None:
        await self.scope.run(
            _changed(self.table, ("due", "state")).values(attempts=self.table.c.attempts + 1),
            {"this": number, "state": NEW, "due": ticks(until)},
        )

    async def hurry(self) -> None:
        """Let what was postponed come now; what is set aside waits for something else."""
        columns = self.table.c
        postponed = columns.lane.is_not(None) & (columns.state == NEW) & (columns.due > 0)
        await self.scope.run(update(self.table).where(postponed).values(due=0))

    async def park(self, number: int, reason: str) -> None:
        await self.change(number, state=PARKED, reason=reason[:200], since=self.scope.now())

    async def parked(self) -> Sequence[Row[Any]]:
        columns = self.table.c
        return await self.scope.rows(
            select(self.table)
            .where(columns.lane.is_not(None), columns.state == PARKED)
            .order_by(columns.number)
        )

    async def retry(self, id_: str) -> bool:
        """Let a parked row come again at once, as if it were new."""
        return await self._end_parking(id_, state=NEW, due=0, attempts=0, reason=None)

    async def drop(self, id_: str, **erased: None) -> bool:
        """Finish a parked row without doing it; its id stays, so it never comes back."""
        return await self._end_parking(id_, state=DONE, lane=None, body=None, **erased)

    async def _end_parking(self, id_: str, **values: Any) -> bool:
        columns = self.table.c
        statement = (
            update(self.table).where(columns.id == id_, columns.state == PARKED).values(**values)
        )
        return await self.scope.run(statement) > 0


@cache
def _heads(table: Table) -> Select[Any]:
    """Find the first row of each lane, if it is due."""
    columns, inner = table.c, table.alias()
    now: BindParameter[int] = bindparam("now")
    first = (
        select(func.min(inner.c.number))
        .where(inner.c.lane.is_not(None))
        .where(or_(inner.c.state == NEW, and_(inner.c.state == ASIDE, inner.c.due <= now)))
        .group_by(inner.c.lane)
    )
    due = select(table).where(columns.number.in_(first), columns.due <= now)
    return due.order_by(columns.number).limit(bindparam("limit"))


@cache
def _claimed(table: Table) -> Select[Any]:
    """Find a row that is open and due, and lock it."""
    return select(table).where(*_is_due(table)).with_for_update(skip_locked=True)


@cache
def _ended(table: Table, names: tuple[str, ...]) -> Update:
    """Give a row that is open and due another state, and new values in these columns."""
    return update(table).where(*_is_due(table)).values(_given("state", *names))


@cache
def _changed(table: Table, names: tuple[str, ...]) -> Update:
    """Give a row that is not finished new values in these columns."""
    here = table.c.number == bindparam("this")
    return update(table).where(here, table.c.state != DONE).values(_given(*names))


def _is_due(table: Table) -> tuple[ColumnElement[bool], ...]:
    columns = table.c
    is_open = columns.state.in_((NEW, ASIDE))
    return columns.number == bindparam("this"), is_open, columns.due <= bindparam("now")


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}
