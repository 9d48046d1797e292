"""JSON from outside that is more than a parser takes: what is too much goes, the rest is read.

Python's parser gives up at a thousand levels of nesting, or fewer; homeservers take more. So one
value that somebody nested deep, in a message to us or in the list of their devices, must not hide
what stands beside it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

DEEPEST = 100
"""Levels of nesting; deeper values, which no client sends, overflow others."""

_LONGEST = 20  # digits of a whole number
_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]', re.DOTALL)


def parse(octets: bytes) -> Any:
    """Return the value; if it is too much at once, with None for what nests too deep in it.

    So it is with numbers of too many digits. Raises ValueError for what is no JSON.
    """
    try:
        return json.loads(octets)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError):
        return json.loads(_flat(octets.decode("utf-8")), parse_int=_number)


def marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield brackets, commas and colons outside of strings, each with its position."""
    for found in _MARK.finditer(text):
        mark = found[0]
        if len(mark) == 1:
            yield found.start(), mark


def _flat(text: str) -> str:
    """Replace what is inside of `DEEPEST` brackets by null."""
    kept: list[str] = []
    depth, begin = 0, 0
    for position, mark in marks(text):
        if mark in "{[":
            depth += 1
            if depth == DEEPEST + 1:
                kept.append(text[begin:position])
        elif mark in "}]":
            depth -= 1
            if depth == DEEPEST:
                kept.append("null")
                begin = position + 1
    return "".join([*kept, text[begin:]]) if depth <= DEEPEST else ""


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST else None
