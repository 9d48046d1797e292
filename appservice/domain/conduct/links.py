"""A link to a message, as apps hand it out: which room, which event.

Matrix specification, "URIs": `matrix.to` links and `matrix:` URIs. Aliases lead to no room here.
"""

import re
from urllib.parse import unquote

from appservice.domain.types import EventId, RoomId

_WEB = re.compile(r"https?://matrix\.to/#/([^/?\s]+)/([^/?\s)>]+)", re.IGNORECASE)
_URI = re.compile(r"matrix:roomid/([^/?\s]+)/e(?:vent)?/([^/?\s)>]+)", re.IGNORECASE)


def place_in(text: str) -> tuple[RoomId, EventId] | None:
    """Return the room and the event of the first link; None: there is no such link."""
    if found := _WEB.search(text):
        room, event = unquote(found.group(1)), unquote(found.group(2))
    elif found := _URI.search(text):
        room, event = f"!{unquote(found.group(1))}", f"${unquote(found.group(2))}"
    else:
        return None
    if room.startswith("!") and event.startswith("$"):
        return RoomId(room), EventId(event)
    return None
