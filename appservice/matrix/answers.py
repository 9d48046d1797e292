"""Turns the homeserver's HTTP answers into values, or into errors by who can mend them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from appservice import json_text
from appservice.errors import PermanentError, TransientError

TOKEN_RETRY = 30.0
"""Seconds until a refused token is tried again: a person has to mend it first."""

_LONGEST_WAIT = 3600.0  # seconds
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")
_NO_TOKEN = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})


@dataclass(frozen=True)
class Answer:
    """What the homeserver said; `body` is its parsed JSON."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)


class HomeserverError(TransientError):
    """The homeserver answered, but is not able right now; `code` as in PermanentError."""

    def __init__(self, reason: str, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason, retry_after)
        self.code = code


class UnreachableError(TransientError):
    """Nobody answers at the homeserver's address, or not in time."""


class TokenRefusedError(TransientError):
    """The homeserver does not know our token; a person has to mend the registration."""


def read(status: int, headers: Mapping[str, str], octets: bytes) -> Answer:
    """Return the answer, if it is a good one (2xx with JSON).

    Raises TransientError (HomeserverError, TokenRefusedError) for what time or a person mends, and
    PermanentError for a refusal. Neither ever holds more of the answer than its error code.
    Source: client-server API, "Standard error response" and "Rate limiting".
    """
    body = _parse(octets)
    refuse(status, headers, body)
    if body is None:
        raise HomeserverError("the homeserver's answer is not JSON")
    return Answer(status, headers, body)


def read_octets(status: int, headers: Mapping[str, str], octets: bytes) -> bytes:
    """Return what is no JSON, if the answer is a good one; raises as `read`."""
    good = _is_good(status)
    refuse(status, headers, None if good else _parse(octets))
    return octets


def refuse(status: int, headers: Mapping[str, str], body: Any) -> None:
    """Raise what an answer means that is not a good one."""
    if _is_good(status):
        return
    code = _code(body)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == "M_LIMIT_EXCEEDED":
        raise HomeserverError("the homeserver asks us to wait", code, _wait(headers, body))
    if code in _NO_TOKEN:
        raise TokenRefusedError(
            "the homeserver refuses our token: is registration.yaml the one that it has loaded?",
            TOKEN_RETRY,
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not code:
        if isinstance(body, dict) and "flows" in body:
            raise PermanentError("the homeserver asks for a password", "UIA")
        raise HomeserverError(f"the homeserver is not able (status {status})", code)
    raise PermanentError(f"the homeserver refuses: {code}", code)


def _is_good(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _parse(octets: bytes) -> Any:
    try:
        return json_text.parse(octets)
    except ValueError:
        return None


def _code(body: Any) -> str:
    code = body.get("errcode") if isinstance(body, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _wait(headers: Mapping[str, str], body: Any) -> float | None:
    """Seconds to wait: Retry-After, else the older `retry_after_ms`."""
    header = headers.get("Retry-After", "")
    if header.isdecimal():
        return min(float(header), _LONGEST_WAIT)
    wait = body.get("retry_after_ms") if isinstance(body, dict) else None
    if isinstance(wait, int | float) and not isinstance(wait, bool) and wait >= 0:
        return min(wait, 1000 * _LONGEST_WAIT) / 1000
    return None
