"""Canonical JSON (spec: appendices, "Canonical JSON"): one spelling, so that it can be signed."""

from typing import Any

import orjson

from appservice.crypto.errors import NotCanonical

MAX_INTEGER = 2**53 - 1
_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER  # no more than 53 bits
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)


def canonical_json(value: Any) -> bytes:
    """UTF-8 octets with sorted keys and no blanks.

    Raises NotCanonical for floats, integers beyond ±(2^53 - 1), keys that are not strings, lone
    surrogates and anything that JSON cannot hold.
    """
    try:
        _check(value)
        return orjson.dumps(value, option=_OPTIONS)
    except (orjson.JSONEncodeError, RecursionError):
        raise NotCanonical("not writable as canonical JSON") from None


def _check(value: Any) -> None:
    """Refuse what orjson writes although canonical JSON has no place for it."""
    if isinstance(value, str | int) or value is None:
        return
    if isinstance(value, dict):
        for item in value.values():
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    else:
        raise NotCanonical("a value has no place in canonical JSON")
