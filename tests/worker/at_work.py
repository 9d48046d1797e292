"""Runs a worker's lanes for as long as a test looks at them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from appservice.worker.inbox import Inbox
from appservice.worker.outbox import Outbox


@asynccontextmanager
async def working(worker: Inbox | Outbox) -> AsyncIterator[None]:
    """Let the worker work; it must still be at it when the context ends."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
