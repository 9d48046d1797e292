"""The addresses at which calendar programs fetch meetings; all others get one and the same answer.

Calendar programs go on asking for addresses that ended, and an address holds 128 random bits: so
much more is let through before all rest than of codes, which people could guess.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from appservice.errors import StorageError
from appservice.web.misses import Misses

MISSES, MINUTE = 600, 60.0
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass
class CalendarFeed:
    """What stands behind `/cal/SECRET.ics`.

    `behind` returns iCalendar, or None. `seconds` is a clock that never goes back.
    """

    behind: Callable[[str], Awaitable[bytes | None]]
    seconds: Callable[[], float]
    _misses: Misses = field(init=False)

    def __post_init__(self) -> None:
        self._misses = Misses(MISSES, MINUTE, self.seconds)

    async def answer(self, request: web.Request) -> web.Response:
        """Give the calendar; 304 where the program has it already (RFC 9110, 13.1.2)."""
        if self._misses.are_many():
            return _later(429)
        try:
            found = await self.behind(request.match_info["secret"])
        except StorageError:
            return _later(503)
        if found is None:
            self._misses.add()
            return web.Response(status=404, text="404", headers=_HEADERS)
        tag = hashlib.sha256(found).hexdigest()[:32]
        headers = {**_HEADERS, "ETag": f'"{tag}"'}
        known = request.if_none_match or ()
        if any(one.value in (tag, "*") for one in known):
            return web.Response(status=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
        return web.Response(
            body=found, content_type="text/calendar", charset="utf-8", headers=headers
        )


def _later(status: int) -> web.Response:
    headers = {**_HEADERS, "Retry-After": str(int(MINUTE))}
    return web.Response(status=status, text=str(status), headers=headers)
