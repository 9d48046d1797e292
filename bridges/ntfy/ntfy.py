"""Messages to topics of a server of ntfy (docs.ntfy.sh/publish)."""

from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

from appservice.domain.paging.addresses import NTFY
from appservice.errors import TransientError
from appservice.ports import Alert
from bridges.answers import refusal

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
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE) as session,
                session.request(
                    method,
                    f"{self.server}/{path}",
                    data=text,
                    headers=headers,
                    allow_redirects=False,
                ) as answer,
            ):
                if answer.status not in _DONE:
                    retry_after = answer.headers.get("Retry-After")
                    raise refusal("the ntfy server", answer.status, retry_after)
        except (aiohttp.ClientError, OSError) as error:
            raise TransientError(f"the ntfy server: {type(error).__name__}") from None
