"""What a database's complaint means to us, in one sentence without statements or values."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)

from appservice.errors import CirclekeeperError, PermanentError, StorageError

_SQLITE = {
    "SQLITE_BUSY": "the database is locked by another program",
    "SQLITE_LOCKED": "the database is locked by another program",
    "SQLITE_FULL": "the disk of the database is full",
    "SQLITE_READONLY": "the database may not be written",
    "SQLITE_IOERR": "the disk of the database has a fault or is full",
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_CORRUPT": "the database file is damaged",
    "SQLITE_NOTADB": "the database file is not a SQLite database",
}
_POSTGRES = {  # classes of SQLSTATE, and single ones
    "08": "the connection to the database broke",
    "28": "the database refuses our user or password",
    "3D": "the database of that name does not exist",
    "40": "two transactions were in each other's way",
    "53": "the database has no room, memory or connection left",
    "55": "the database is locked by another program",
    "57": "the database stopped the statement or is shutting down",
    "58": "the disk of the database has a fault",
    "25006": "the database may not be written",
}
_OURS = (IntegrityError, ProgrammingError, DataError, NotSupportedError)


@contextmanager
def told() -> Iterator[None]:
    """Turn whatever the database raises into StorageError, or PermanentError for our mistakes.

    The cause is not chained: its text could hold values.
    """
    try:
        yield
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise _meaning(error) from None


def _meaning(error: Exception) -> CirclekeeperError:
    if isinstance(error, TimeoutError):
        return StorageError("the database did not answer in time")
    if isinstance(error, OSError):
        return StorageError("the database cannot be reached")
    original = error.orig if isinstance(error, DBAPIError) else error
    sentence = _known(original)
    if sentence is None and isinstance(error, _OURS):
        kind = type(error).__name__
        return PermanentError(f"the database refused a statement ({kind}{_code(original)})")
    if sentence is None:
        sentence = f"the database failed ({type(error).__name__}{_code(original)})"
    return StorageError(sentence)


def _known(original: object) -> str | None:
    name = getattr(original, "sqlite_errorname", None) or ""
    for code, sentence in _SQLITE.items():
        if name.startswith(code):
            return sentence
    state = getattr(original, "sqlstate", None) or ""
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2])


def _code(original: object) -> str:
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return f", {code}" if code else ""
