"""Waits, and tells so, until `run` has done what it was asked for."""

import asyncio
from collections.abc import Awaitable, Callable

from appservice.cli.output import Progress
from appservice.clock import Clock
from appservice.errors import CirclekeeperError

_LOOK_EVERY = 0.1  # seconds


async def until(
    done: Callable[[], Awaitable[bool]],
    clock: Clock,
    wait: float,
    *,
    saying: Callable[[], str],
    late: Callable[[], str],
) -> None:
    """Look again until it is done; after `wait` seconds raise CirclekeeperError with `late`."""
    end, progress = clock.monotonic() + wait, Progress()
    try:
        while not await done():
            if clock.monotonic() >= end:
                raise CirclekeeperError(late())
            progress.say(saying())
            await asyncio.sleep(_LOOK_EVERY)
    finally:
        progress.end()
