"""A real store on both databases, and a clock that is moved by hand."""

import pytest_asyncio

from appservice.service.lanes import lane_of_event
from appservice.store import Keys, Store
from tests.store.conftest import (
    HandClock,
    clock,
    database_url,
    empty_url,
    key_file,
    keys,
    sqlite_file,
)

__all__ = ["clock", "database_url", "empty_url", "key_file", "keys", "sqlite_file", "store"]


@pytest_asyncio.fixture
async def store(database_url: str, keys: Keys, clock: HandClock):
    opened = await Store.open(database_url, keys, lane_of_event, clock)
    yield opened
    await opened.close()
