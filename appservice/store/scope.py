"""One transaction as the topics of the store see it: a connection, the keys and the clock."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Executable, Row, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from appservice.clock import Clock
from appservice.crypto import Key
from appservice.domain.events import Event
from appservice.store.columns import EPOCH, ticks
from appservice.store.failures import told
from appservice.store.sealed import Keys
from appservice.store.sqlite_dialect import LATER

LaneOf = Callable[[Event], str]
OnSaved = Callable[[Collection[Key]], None]

_LATER = {LATER: True}
CHUNK = 500
"""How many values one IN list holds: SQLite has a limit, and so has a planner's patience."""


@dataclass(frozen=True)
class Scope:
    """What every topic needs to work in the same transaction."""

    connection: AsyncConnection = field(repr=False)
    keys: Keys
    clock: Clock
    lane_of: LaneOf
    on_saved: OnSaved = field(default=lambda _: None, repr=False)

    @property
    def postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def now(self) -> int:
        """Return the moment, in microseconds since 1970."""
        return ticks(self.clock.now())

    def moment(self, since: int) -> datetime:
        """Read a column's microseconds."""
        return EPOCH + timedelta(microseconds=since)

    async def rows(
        self,
        statement: Executable,
        values: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    ) -> Sequence[Row[Any]]:
        with told():
            return (await self.connection.execute(statement, values)).all()

    async def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Return how many rows were concerned."""
        with told():
            return (await self.connection.execute(statement, values)).rowcount

    async def run_each(self, statement: Executable, values: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of `values`, with what comes next or at the end: see `LATER`."""
        if values:
            with told():
                await self.connection.execute(statement, values, execution_options=_LATER)

    def insert_new(self, table: Table, *key: str, returning: str | None = None) -> Executable:
        """Return an INSERT that leaves a row with the same key as it is."""
        return _insert_new(table, key, returning, postgres=self.postgres)

    def upsert(self, table: Table, *changing: str) -> "postgresql.Insert | sqlite.Insert":
        """Return an INSERT that, in the row with the same primary key, overwrites these columns.

        The others follow from the key, and an index over them would be written anew for nothing.
        """
        return _upsert(table, changing, postgres=self.postgres)


def insert(table: Table, *, postgres: bool) -> "postgresql.Insert | sqlite.Insert":
    """Return an INSERT that knows ON CONFLICT, which both databases say in the same words."""
    return postgresql.insert(table) if postgres else sqlite.insert(table)


@cache
def _insert_new(
    table: Table, key: tuple[str, ...], returning: str | None, *, postgres: bool
) -> Executable:
    statement = insert(table, postgres=postgres).on_conflict_do_nothing(index_elements=key)
    return statement if returning is None else statement.returning(table.c[returning])


@cache
def _upsert(
    table: Table, changing: tuple[str, ...], *, postgres: bool
) -> "postgresql.Insert | sqlite.Insert":
    statement = insert(table, postgres=postgres)
    changed = {name: statement.excluded[name] for name in changing}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


def within(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Say that a column has one of the values that are given under this name as it runs.

    So one statement is made once for all: making it anew takes longer than most of ours run.
    """
    return column.in_(bindparam(name, expanding=True))


def place(table: Table, column: str, key: str) -> str:
    """Name where a sealed value stands; it opens nowhere else."""
    return f"{table.name}.{column} {key}"
