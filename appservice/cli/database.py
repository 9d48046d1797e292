"""Opens the database for a command, and closes it afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.errors import ConfigurationError
from appservice.service.lanes import lane_of_event
from appservice.store import KeyFile, Store


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """Open the database as `run` does, beside it or without it.

    Raises ConfigurationError if it is not migrated or the key file is not its own, StorageError if
    it does not answer.
    """
    file = file_of(settings)
    if file is not None and not file.exists():
        raise ConfigurationError(f"there is no database {file} yet: circlekeeper run makes it")
    store = await Store.open(
        settings.database,
        KeyFile(settings.files.keys).read(),
        lane_of_event,
        SystemClock(),
        settings.limits.database_seconds,
    )
    try:
        yield store
    finally:
        await store.close()


def file_of(settings: Settings) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL."""
    kind, _, path = settings.database.partition(":///")
    return Path(path) if kind == "sqlite+aiosqlite" else None
