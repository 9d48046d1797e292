"""Rooms on a Jitsi server that lets people in by signed tokens (JWT).

Claims as Jitsi's server wants them: `aud` jitsi, `iss` the app id, `sub` the domain, `room`.
Who leads is told in both ways that servers know: `moderator` and `affiliation`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
import jwt

from appservice.domain.effects import Visit

LASTS = timedelta(minutes=30)
_SLACK = timedelta(seconds=60)  # that its clock may be behind ours
_PATIENCE = aiohttp.ClientTimeout(total=10)
_SERVER_FAULT = 500


@dataclass(frozen=True)
class Jitsi:
    """Implements `appservice.ports.Video`. `hashed`: the installation's keyed hash."""

    domain: str
    app_id: str
    secret: str = field(repr=False)
    hashed: Callable[..., str] = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)
    scheme: str = "https"

    def link(self, visit: Visit) -> str:
        """Return a link to the room of an occurrence, which has a new name each time.

        The token names nobody; a browser asks for the name that others see.
        """
        room = self.hashed("video", visit.group, str(visit.number), visit.was.isoformat())
        now = self.now()
        affiliation = "owner" if visit.host else "member"
        claims = {
            "aud": "jitsi",
            "iss": self.app_id,
            "sub": self.domain,
            "room": room,
            "nbf": int((now - _SLACK).timestamp()),
            "exp": int((now + LASTS).timestamp()),
            "context": {"user": {"moderator": visit.host, "affiliation": affiliation}},
        }
        token = jwt.encode(claims, self.secret, algorithm="HS256")
        return f"{self.scheme}://{self.domain}/{room}?jwt={token}"

    async def answers(self) -> bool:
        """Ask for its first page, without going on from there."""
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE) as session,
                session.head(f"{self.scheme}://{self.domain}/", allow_redirects=False) as answer,
            ):
                return answer.status < _SERVER_FAULT
        except (aiohttp.ClientError, OSError):
            return False
