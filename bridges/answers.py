"""What an HTTP answer means to a bridge that has handed something over."""

from appservice.errors import CirclekeeperError, PermanentError, TransientError

_LATER = frozenset({408, 423, 425, 429})  # locked, too early, too many
_SERVER_FAULT = 500
_LONGEST_WAIT = 3600.0  # seconds


def refusal(who: str, status: int, retry_after: str | None) -> CirclekeeperError:
    """Return what an answer that is no success means; a redirect is a refusal, too."""
    if status in _LATER or status >= _SERVER_FAULT:
        return TransientError(f"{who} answered {status}", _seconds(retry_after))
    return PermanentError(f"{who} refused it ({status})", str(status))


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None  # a date, which our clock need not share
    return min(float(retry_after), _LONGEST_WAIT)
