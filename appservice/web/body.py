"""Reads the body of a transaction: what cannot be used in it must not keep back the rest."""

import json
from typing import Any

from appservice.json_text import DEEPEST, marks


class NotJsonError(ValueError):
    """The body is no JSON at all."""


def events_of(body: bytes) -> list[Any]:
    """Return what stands in `events`, in order, whatever it is.

    What is not a usable event is there too, as a value that is no dict, so that it can be parked:
    an event that nests too deep, holds half a character or a number of thousands of digits is a
    text that says so. Raises NotJsonError.
    """
    try:
        text = body.decode("utf-8")
        content = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise NotJsonError("the body is not JSON") from None
    except (RecursionError, ValueError):  # JSON, but more than the parser takes at once
        return [_parsed(piece) for piece in _pieces(text)]
    if not isinstance(content, dict):
        return [content]
    events = content.get("events", [])
    return [_usable(event) for event in (events if isinstance(events, list) else [events])]


def _parsed(piece: str) -> Any:
    try:
        return _usable(json.loads(piece))
    except (RecursionError, ValueError):
        return "an event that is too much for the parser"


def _usable(event: Any) -> Any:
    level = [event]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            break
    else:
        return "an event that nests too deep"
    try:
        json.dumps(event, ensure_ascii=False).encode("utf-8")
    except ValueError:
        return "an event with half a character"
    return event


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _pieces(text: str) -> list[str]:
    """Cut the array `events` of the outermost object into its entries, without parsing them."""
    pieces: list[str] = []
    path: list[str] = []  # the brackets that are open
    key = ""
    start = 0
    for position, mark in marks(text):
        here = path == ["{", "["] and key == "events"
        if here and mark in ",]" and (piece := text[start:position].strip()):
            pieces.append(piece)
        if here and mark == ",":
            start = position + 1
        if mark in "{[":
            path.append(mark)
            if path == ["{", "["]:
                start = position + 1
        elif mark in "}]" and path:
            path.pop()
        elif mark == ":" and len(path) == 1:
            key = text[start:position].strip().strip('"')
        if len(path) == 1 and mark in "{},]":
            start = position + 1
    return pieces
