"""SQLAlchemy's dialect for aiosqlite with one visit to SQLite's thread for each statement.

SQLAlchemy asks four times: for a cursor, for the statement, for the rows, and to close; and once
more to begin. A visit costs more than most of our statements, and a message takes dozens of them.
What has no result (`LATER`) goes with the statement after it, or with the commit.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util.concurrency import await_

DRIVER = "sqlite+one_visit"
BEGIN = "BEGIN IMMEDIATE"
"""A transaction that reads first and writes later would fail when another wrote meanwhile."""
LATER = "one_visit_later"
"""Execution option of a statement whose result nobody asks for; its error comes with the next."""


class _Statement(NamedTuple):
    how: str  # execute | executemany | commit
    text: str
    parameters: Any


class _Outcome(NamedTuple):
    description: Any
    rowcount: int
    lastrowid: int | None
    rows: list[Any]


class _Cursor:
    """A DBAPI cursor (PEP 249); all rows are here as soon as the statement has run."""

    server_side = False
    arraysize = 1

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._outcome = _Outcome(None, -1, None, [])

    @property
    def description(self) -> Any:
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._outcome.lastrowid

    def execute(self, statement: str, parameters: Any = None) -> None:
        self._outcome = self._connection.visit(_Statement("execute", statement, parameters or ()))

    def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        self._outcome = self._connection.visit(_Statement("executemany", statement, parameters))

    def later(self, statement: _Statement) -> None:
        """Run it with the next visit."""
        self._connection.before.append(statement)
        await_(_nothing())

    def fetchone(self) -> Any:
        return self._outcome.rows.pop(0) if self._outcome.rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        rows = self._outcome.rows
        some, rows[:] = rows[: size or self.arraysize], rows[size or self.arraysize :]
        return some

    def fetchall(self) -> list[Any]:
        rows = list(self._outcome.rows)
        self._outcome.rows.clear()
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    def close(self) -> None:
        """Nothing is open: the cursor in SQLite's thread was closed with the statement."""

    async def _async_soft_close(self) -> None:
        """As `close`; SQLAlchemy asks for this one before it hands rows on."""


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("_begun", "before")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._begun = True
        self.before: list[_Statement] = []  # what goes with the next visit

    def begin_with_next(self) -> None:
        """Begin a transaction with the first statement; without one there is nothing to end."""
        self._begun, self.before = False, [_Statement("execute", BEGIN, ())]

    def commit(self) -> None:
        try:
            if self._begun or len(self.before) > 1:
                self.visit(_Statement("commit", "", ()))
        except BaseException:
            super().rollback()  # SQLAlchemy takes the transaction for ended
            raise
        finally:
            self._begun, self.before = True, []

    def rollback(self) -> None:
        begun, self._begun, self.before = self._begun, True, []
        if begun:
            super().rollback()

    def cursor(self, server_side: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002  as it is called
        return _Cursor(self)

    def visit(self, statement: _Statement) -> _Outcome:
        """Run a statement in SQLite's thread, from its beginning to its last row."""
        driver: Any = self._connection
        statements, self._begun, self.before = [*self.before, statement], True, []
        visited = driver._execute(_run, driver._conn, statements)  # noqa: SLF001
        try:
            found: _Outcome = await_(visited)
        except Exception as error:  # noqa: BLE001  SQLAlchemy sorts them
            self._handle_exception(error)
        return found


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *given: Any, **named: Any) -> _Connection:
        opened: Any = super().connect(*given, **named)
        return _Connection(self, opened._connection)  # noqa: SLF001


class Dialect(SQLiteDialect_aiosqlite):
    driver = "one_visit"
    supports_statement_cache = True
    supports_server_side_cursors = False

    def do_execute(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        self._do("execute", cursor, statement, parameters, context)

    def do_executemany(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        self._do("executemany", cursor, statement, parameters, context)

    def _do(self, how: str, cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        if context is not None and context.execution_options.get(LATER):
            cursor.later(_Statement(how, statement, parameters))
        else:
            getattr(cursor, how)(statement, parameters)

    @classmethod
    def import_dbapi(cls) -> _Module:
        return _Module(__import__("aiosqlite"), sqlite3)


async def _nothing() -> None:
    """Be awaited: SQLAlchemy takes a statement that awaits nothing for a mistake."""


def _run(connection: sqlite3.Connection, statements: Sequence[_Statement]) -> _Outcome:
    """Run them in order, and return what the last one found."""
    cursor = connection.cursor()
    try:
        for how, text, parameters in statements:
            if how == "commit":
                connection.commit()
            elif how == "executemany":
                cursor.executemany(text, parameters)
            else:
                cursor.execute(text, parameters)
        rows = cursor.fetchall() if cursor.description else []
        return _Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()


registry.register("sqlite.one_visit", __name__, "Dialect")
