"""Messages to topics of a server of ntfy (docs.ntfy.sh/publish)."""

from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

from appservice.domain.paging.addresses import NTFY
from appservice.ports import Alert
from bridges.answers import hand_over

_PATIENCE = aiohttp.ClientTimeout(total=10)
_DONE = frozenset({200, 201, 204})
_MOST, _USUAL = "5", "3"  # priorities: 5 is heard in the night


@dataclass(frozen=True)
class Ntfy:
    """Implements `appservice.ports.Pager`; without a token it writes as a stranger."""

    server: str
    token: str = field(default="", repr=False)
    way = NTFY

    async def page(self, alert: Alert) -> None:
        headers = {"Priority": _USUAL if alert.drill or alert.code else _MOST}
        text = "\n".join(alert.lines).encode()
        await self._call("POST", quote(alert.address, safe=""), headers, text)

    async def check(self) -> None:
        """Ask whether it lives, and with a token whether that is known."""
        await self._call("GET", "v1/account" if self.token else "v1/health", {}, None)

    async def _call(
        self, method: str, path: str, headers: dict[str, str], text: bytes | None
    ) -> None:
        headers = {"User-Agent": "Circlekeeper", **headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        url, session = f"{self.server}/{path}", aiohttp.ClientSession(timeout=_PATIENCE)
        await hand_over(
            "the ntfy server", session, method, url, headers=headers, data=text, done=_DONE
        )
