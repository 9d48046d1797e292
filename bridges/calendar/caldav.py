"""Entries in collections on CalDAV servers: one resource for each meeting (RFC 4791, 4.1)."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

from bridges.answers import hand_over

_PATIENCE = aiohttp.ClientTimeout(total=20)
_DONE = frozenset({200, 201, 204})
_GONE = frozenset({404, 410})


@dataclass(frozen=True)
class Collection:
    """A calendar on a server: its address with the last slash, and who we are there."""

    url: str = field(repr=False)  # may name the group
    user: str = field(repr=False)
    password: str = field(repr=False)
    place: bool = False  # whether entries have links and addresses

    @property
    def authorization(self) -> str:
        """Say who we are (RFC 7617)."""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


class CalDav:
    """Implements `appservice.ports.CalendarServer`."""

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        """Take collections by the visible name of their group, folded."""
        self._collections = collections

    def shows_places(self, group: str) -> bool:
        found = self._collections.get(group.casefold())
        return found is not None and found.place

    async def keep(self, group: str, name: str, text: bytes) -> None:
        """Put the resource, whatever stands there: a repeat puts the same."""
        await self._ask("PUT", group, name, text)

    async def drop(self, group: str, name: str) -> None:
        """Delete the resource; one that is not there is gone."""
        await self._ask("DELETE", group, name, None)

    async def _ask(self, method: str, group: str, name: str, text: bytes | None) -> None:
        place = self._collections.get(group.casefold())
        if place is None:
            return  # the operator took it out of the settings
        url = f"{place.url.rstrip('/')}/{quote(name)}.ics"
        headers = {"Authorization": place.authorization}
        if text is not None:
            headers["Content-Type"] = "text/calendar; charset=utf-8"
        done = _DONE | _GONE if method == "DELETE" else _DONE
        session = aiohttp.ClientSession(timeout=_PATIENCE)
        await hand_over(
            "the calendar server", session, method, url, headers=headers, data=text, done=done
        )
