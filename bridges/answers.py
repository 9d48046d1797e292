"""What an HTTP answer means to a bridge that has handed something over."""

from collections.abc import Container, Mapping

import aiohttp
from yarl import URL

from appservice.errors import CirclekeeperError, PermanentError, TransientError

_LATER = frozenset({408, 423, 425, 429})  # locked, too early, too many
_SERVER_FAULT = 500
_LONGEST_WAIT = 3600.0  # seconds


async def hand_over(  # noqa: PLR0913
    who: str,
    session: aiohttp.ClientSession,
    method: str,
    url: URL | str,
    *,
    headers: Mapping[str, str],
    data: bytes | None,
    done: Container[int],
) -> None:
    """Ask `who` once, in a session that is closed behind it; `done` are the answers of success.

    A redirect is refused, since what we carry goes nowhere else. Raises TransientError or
    PermanentError, which name `who` and a number or kind, never an address.
    """
    try:
        async with (
            session,
            session.request(
                method, url, data=data, headers=headers, allow_redirects=False
            ) as answer,
        ):
            if answer.status not in done:
                raise _refusal(who, answer.status, answer.headers.get("Retry-After"))
    except (aiohttp.ClientError, OSError) as error:
        raise TransientError(f"{who}: {type(error).__name__}") from None


def _refusal(who: str, status: int, retry_after: str | None) -> CirclekeeperError:
    if status in _LATER or status >= _SERVER_FAULT:
        return TransientError(f"{who} answered {status}", _seconds(retry_after))
    return PermanentError(f"{who} refused it ({status})", str(status))


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None  # a date, which our clock need not share
    return min(float(retry_after), _LONGEST_WAIT)
