"""Sealing everything anew with the newest key, while work goes on."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import Row, Table, and_, select, tuple_, update

from appservice.store import tables
from appservice.store.scope import CHUNK, Scope, place

_COLUMNS = (  # table, sealed column, columns that make its place
    (tables.inbox, "body", ("id",)),
    (tables.outbox, "body", ("id",)),
    (tables.outbox, "prepared", ("id",)),
    (tables.records, "body", ("kind", "key")),
    (tables.ledger, "body", ("group_hash", "place")),
    (tables.timers, "body", ("key",)),
    (tables.crypto, "body", ("item",)),
    (tables.facts, "body", ("name",)),
)
Begin = Callable[[], AbstractAsyncContextManager[Scope]]


async def reseal(begin: Begin) -> int:
    """Seal every value with the newest key, some at a time; return how many were not yet.

    Rows that appear meanwhile need nothing: they are sealed with the newest key already.
    """
    count = 0
    for table, column, named_by in _COLUMNS:
        last: tuple[Any, ...] | None = None
        while True:
            async with begin() as scope:
                rows = await _next(scope, table, column, last)
                for row in rows:
                    count += await _seal_anew(scope, table, column, named_by, row)
            if not rows:
                break
            last = _key(table, rows[-1])
    return count


async def _next(
    scope: Scope, table: Table, column: str, last: tuple[Any, ...] | None
) -> Sequence[Row[Any]]:
    keys = tuple(table.primary_key)
    statement = select(table).where(table.c[column].is_not(None))
    if last is not None:
        statement = statement.where(tuple_(*keys) > last)
    return await scope.rows(statement.order_by(*keys).limit(CHUNK).with_for_update())


async def _seal_anew(
    scope: Scope, table: Table, column: str, named_by: tuple[str, ...], row: Row[Any]
) -> int:
    values = row._mapping  # noqa: SLF001  public, despite its name
    if scope.keys.sealed_by_newest(values[column]):
        return 0
    where = place(table, column, " ".join(str(values[name]) for name in named_by))
    sealed = scope.keys.seal(where, scope.keys.open(where, values[column]))
    keys = zip(table.primary_key, _key(table, row), strict=True)
    condition = and_(*(key == value for key, value in keys))
    return await scope.run(update(table).where(condition).values({column: sealed}))


def _key(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[key.name] for key in table.primary_key)  # noqa: SLF001
