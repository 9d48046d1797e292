"""Canonical JSON (spec: appendices, "Canonical JSON"): one spelling, so that it can be signed."""

import json
from typing import Any

from appservice.crypto.errors import NotCanonical

MAX_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """UTF-8 octets with sorted keys and no blanks.

    Raises NotCanonical for floats, integers beyond ±(2^53 - 1), keys that are not strings, lone
    surrogates and anything that JSON cannot hold.
    """
    try:
        _check(value)
        spelt = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return spelt.encode()
    except (UnicodeEncodeError, RecursionError):
        raise NotCanonical("not writable as canonical JSON") from None


def _check(value: Any) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical("an integer is too large")
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str):
                raise NotCanonical("a key is not a string")
            _check(item)
    else:
        raise NotCanonical("a value has no place in canonical JSON")
