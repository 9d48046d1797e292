"""Links to rooms and messages, as apps hand them out.

Source: Matrix specification, appendices, "matrix.to navigation" and "Matrix URI scheme".
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from appservice.domain.types import EventId, RoomId

_LINK = re.compile(r"(?:(?:https?://)?\bmatrix\.to/#/|matrix:(?=(?:r|roomid)/))\S*", re.IGNORECASE)
_TO = re.compile(r"(?:https?://)?matrix\.to/#/", re.IGNORECASE)
_AROUND = ".,;:!?)>]\"'"  # marks of the sentence that a link stands in
_KINDS = {"r": "#", "roomid": "!"}  # of a matrix: URI, and what an identifier begins with


@dataclass(frozen=True)
class Link:
    """What a link names; empty where it names none."""

    room: str
    event: str


def links_in(text: str) -> tuple[Link, ...]:
    """Return the links to rooms and messages in a text; those to people are none."""
    found = (_read(match.group()) for match in _LINK.finditer(text))
    return tuple(link for link in found if link is not None)


def is_bare(text: str) -> bool:
    """Say whether a text is links and nothing else."""
    return bool(links_in(text)) and not any(sign.isalnum() for sign in _LINK.sub("", text))


def place_in(text: str) -> tuple[RoomId, EventId] | None:
    """Return the room and the event of the first link that names both; a room's alias does not."""
    whole = (link for link in links_in(text) if link.room.startswith("!") and link.event)
    first = next(whole, None)
    return None if first is None else (RoomId(first.room), EventId(first.event))


def _read(link: str) -> Link | None:
    path = link.rstrip(_AROUND).partition("?")[0]
    if _TO.match(path):
        room, _, event = _TO.sub("", path).partition("/")
        room, event = unquote(room), unquote(event)
        if room.startswith("@"):
            return None
        return Link(room if room[:1] in ("!", "#") else "", event if event[:1] == "$" else "")
    kind, _, rest = path.partition(":")[2].partition("/")
    room, _, event = rest.partition("/e/")
    sigil = _KINDS[kind.casefold()]
    return Link(sigil + unquote(room) if room else "", f"${unquote(event)}" if event else "")
