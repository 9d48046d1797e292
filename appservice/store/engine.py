"""Connections to SQLite and PostgreSQL, so that the same code finds the same promises on both."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from appservice.errors import ConfigurationError, StorageError
from appservice.store import sqlite_dialect

_DRIVERS = {
    "sqlite": sqlite_dialect.DRIVER,
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
_IDLE = 60.0  # seconds after which PostgreSQL ends a transaction whose program hangs


def database_url(text: str) -> URL:
    """Read `sqlite:///file` or `postgresql://…`; an error never repeats it."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigurationError("the database URL cannot be understood") from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise ConfigurationError("the database URL must begin with sqlite: or postgresql:")
    if driver.startswith("sqlite") and (not url.database or url.database == ":memory:"):
        raise ConfigurationError("the database URL must name a file: sqlite:////path/to/file")
    return url.set(drivername=driver)


def open_engine(url: URL, limit: float) -> AsyncEngine:
    """Return an engine whose every wait ends after `limit` seconds."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, limit)
    return _postgres(url, limit)


def _sqlite(url: URL, limit: float) -> AsyncEngine:
    _make_private(Path(str(url.database)))
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=1,
        max_overflow=1,
        pool_timeout=limit,
        pool_reset_on_return=None,  # whoever gives a connection back has ended its transaction
    )
    pragmas = (
        f"busy_timeout={int(limit * 1000)}",
        "journal_mode=WAL",
        "synchronous=FULL",  # a commit is on the disk before we say so
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.begin_with_next()

    return engine


async def empty_log(connection: AsyncConnection) -> None:
    """Write SQLite's write-ahead log into the file and cut it to nothing, without waiting."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    limit = (await (await driver.execute("PRAGMA busy_timeout")).fetchone())[0]
    try:
        await driver.execute("PRAGMA busy_timeout=0")
        await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        await driver.execute(f"PRAGMA busy_timeout={limit}")


def _postgres(url: URL, limit: float) -> AsyncEngine:
    milliseconds = str(int(limit * 1000))
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=limit,
        pool_pre_ping=True,
        pool_use_lifo=True,
        connect_args={
            "timeout": limit,
            "command_timeout": limit,
            "server_settings": {
                "application_name": "circlekeeper",
                "statement_timeout": milliseconds,
                "idle_in_transaction_session_timeout": str(int(_IDLE * 1000)),
            },
        },
    )


def _make_private(path: Path) -> None:
    """Make the file before SQLAlchemy does: for its owner only, and WAL and SHM take after it.

    It appears whole and in WAL mode, since changing the mode fails while another looks at the
    file. One that is there is not opened here: closing a file drops all locks that this process
    has on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            return
        with TemporaryDirectory(dir=path.parent, prefix=".new-") as folder:
            born = Path(folder) / path.name
            born.touch(0o600)
            with closing(sqlite3.connect(born)) as database:
                database.execute("PRAGMA journal_mode=WAL")
            with suppress(FileExistsError):  # another was quicker
                os.link(born, path)
    except (OSError, sqlite3.Error):
        raise StorageError("the database file cannot be opened") from None
