"""The database as a whole: opening, transactions, time limits, and how it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from appservice.clock import Clock
from appservice.errors import ConfigurationError, PermanentError
from appservice.store import schema, tables
from appservice.store.engine import database_url, empty_log, open_engine
from appservice.store.facts import Facts
from appservice.store.failures import told
from appservice.store.older import bring_up
from appservice.store.reseal import reseal
from appservice.store.scope import LaneOf, OnSaved, Scope
from appservice.store.sealed import Keys
from appservice.store.work import Work

_LIMIT = 10.0  # seconds
_ROLLBACK_LIMIT = 1.0  # seconds; whoever does not roll back by then is cut off
_PROOF = "proof"  # a fact that opens only with the right keys


@dataclass(frozen=True)
class Condition:
    """How the database is, for `circlekeeper check` and the metrics."""

    kind: str  # sqlite | postgresql
    version: str | None  # of the schema; None: no tables yet
    newest: str | None  # what this program needs
    open_arrivals: int
    open_postings: int
    parked: int
    timers: int


class Store:
    """Implements appservice.ports.Store; made by `Store.open`, ended by `close`."""

    def __init__(
        self, engine: AsyncEngine, keys: Keys, lane_of: LaneOf, clock: Clock, limit: float
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._lane_of = lane_of
        self._clock = clock
        self._limit = limit
        # SQLite has one writer: those of this process wait in order, and do not spin for its lock
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self.on_saved: OnSaved = lambda _: None
        """Hears of the encryption machine's records as they are written, before the commit."""

    @classmethod
    async def open(
        cls, url: str, keys: Keys, lane_of: LaneOf, clock: Clock, limit: float = _LIMIT
    ) -> Self:
        """Open a migrated database.

        `limit` (seconds) ends every wait for the database with StorageError. Raises
        ConfigurationError when the tables are not of this version or the keys are not theirs.
        """
        store = cls(open_engine(database_url(url), limit), keys, lane_of, clock, limit)
        try:
            await store._prove()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit):
                await self._engine.dispose()

    @property
    def alone(self) -> bool:
        return self._turn is not None

    def hash(self, *parts: str) -> str:
        return self._keys.hash("name", *parts)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        async with self._scope() as scope:
            yield Work(scope)

    async def tidy(self) -> None:
        """Empty SQLite's write-ahead log, where the pages of before still stand.

        While somebody else is at the database that does not go; the next time it does.
        """
        if self._turn is None:
            return  # PostgreSQL writes over what was deleted after its next vacuum
        with told():
            async with asyncio.timeout(self._limit):
                async with self._turn, self._engine.connect() as connection:
                    await empty_log(connection)

    async def reseal(self) -> int:
        """Seal everything with the newest key; return how many values were not yet."""
        return await reseal(self._scope)

    async def schema_current(self) -> bool:
        async with self._transaction() as connection:
            with told():
                return await connection.run_sync(schema.version) == schema.newest()

    async def condition(self) -> Condition:
        """Count what is open; raises StorageError when the database does not answer."""
        async with self._scope() as scope:
            with told():
                version = await scope.connection.run_sync(schema.version)
            inbox, outbox = [await _open_rows(scope, box) for box in (tables.inbox, tables.outbox)]
            timers = (await scope.rows(select(func.count()).select_from(tables.timers)))[0][0]
        parked = inbox.pop(tables.PARKED, 0) + outbox.pop(tables.PARKED, 0)
        return Condition(
            kind=self._engine.dialect.name,
            version=version,
            newest=schema.newest(),
            open_arrivals=sum(inbox.values()),
            open_postings=sum(outbox.values()),
            parked=parked,
            timers=timers,
        )

    async def _prove(self) -> None:
        """Keep a proof with the first keys ever used; refuse keys that do not open it."""
        if not await self.schema_current():
            raise ConfigurationError(
                "the database is not of this version: run circlekeeper migrate"
            )
        async with self._scope() as scope:
            try:
                proof = await Facts(scope).get(_PROOF)
            except PermanentError:
                raise _wrong_keys() from None
            if proof is None:
                if await scope.rows(select(tables.facts.c.name).limit(1)):
                    raise _wrong_keys()
                await Facts(scope).keep(_PROOF, b"sealed")
            await bring_up(scope)

    @asynccontextmanager
    async def _scope(self) -> AsyncIterator[Scope]:
        async with self._transaction() as connection:
            yield Scope(connection, self._keys, self._clock, self._lane_of, self.on_saved)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            with told():
                async with asyncio.timeout(self._limit):
                    if self._turn is not None:
                        await stack.enter_async_context(self._turn)
                    connection = self._engine.connect()
                    stack.push_async_callback(_give_back, connection)
                    await connection.start()
                    await connection.begin()
            yield connection
            with told():
                async with asyncio.timeout(self._limit):
                    await connection.commit()


async def migrate(url: str, limit: float = _LIMIT) -> None:
    """Bring a database to the newest version; makes the file of a SQLite database."""
    engine = open_engine(database_url(url), limit)
    try:
        with told():
            async with engine.begin() as connection:
                await connection.run_sync(schema.upgrade)
    finally:
        await engine.dispose()


async def _open_rows(scope: Scope, box: Table) -> dict[str, int]:
    columns = box.c
    found = await scope.rows(
        select(columns.state, func.count().label("rows"))
        .where(columns.lane.is_not(None))
        .group_by(columns.state)
    )
    return {row.state: row.rows for row in found}


def _wrong_keys() -> ConfigurationError:
    return ConfigurationError("the key file is not the one that this database was sealed with")


async def _give_back(connection: AsyncConnection) -> None:
    """Roll back what was not committed; a connection that does not manage that is cut off."""
    try:
        async with asyncio.timeout(_ROLLBACK_LIMIT):
            await connection.close()
    except Exception:  # noqa: BLE001  whatever it was, the transaction is over
        with suppress(Exception):
            await connection.invalidate()
