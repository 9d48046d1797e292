"""Waits for a homeserver that is not up yet."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from appservice.errors import ConfigurationError, PermanentError, TransientError

log = structlog.get_logger()
AGAIN_SECONDS = 1.0  # between tries


async def until_reachable(step: Callable[[], Awaitable[object]]) -> None:
    """Try until the homeserver answers; what a person must mend is told at once.

    Raises ConfigurationError.
    """
    told = ""
    while True:
        try:
            await step()
        except TransientError as error:
            if str(error) != told:
                told = str(error)
                log.warning("waiting_for_homeserver", reason=told)
            await asyncio.sleep(AGAIN_SECONDS)
        except PermanentError as error:
            raise ConfigurationError(f"{error}; circlekeeper check tells more") from error
        else:
            return
