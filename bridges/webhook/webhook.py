"""Calls a program by HTTP, signed so that it can tell who calls: docs/protocol.md, "Web hooks"."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
import orjson
from yarl import URL

from appservice.domain.paging.addresses import WEBHOOK
from appservice.errors import PermanentError
from appservice.ports import Alert
from bridges.answers import hand_over
from bridges.webhook.reachable import looked_up

_PATIENCE = aiohttp.ClientTimeout(total=10)
_DONE = range(200, 300)


@dataclass(frozen=True)
class Webhook:
    """Implements `appservice.ports.Pager`."""

    secret: str = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)
    allow_private: bool = False
    way = WEBHOOK

    async def page(self, alert: Alert) -> None:
        told = (
            {"case": alert.case, "drill": alert.drill} if not alert.code else {"code": alert.code}
        )
        body = orjson.dumps({"id": alert.id, **told})
        url = _address(alert.address)
        known = await looked_up(url, allow_private=self.allow_private)
        connector = aiohttp.TCPConnector(resolver=known, use_dns_cache=False)
        session = aiohttp.ClientSession(connector=connector, timeout=_PATIENCE)
        headers = self._signed(body)
        await hand_over(
            "the web hook", session, "POST", url, headers=headers, data=body, done=_DONE
        )

    async def check(self) -> None:
        """Each address is somebody's own; a code is sent to it before it counts."""

    def _signed(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.now().timestamp()))
        signed = hmac.new(self.secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
        return {
            "Content-Type": "application/json",
            "User-Agent": "Circlekeeper",
            "Circlekeeper-Timestamp": timestamp,
            "Circlekeeper-Signature": f"sha256={signed.hexdigest()}",
        }


def _address(written: str) -> URL:
    try:
        return URL(written)
    except ValueError:
        raise PermanentError("the web hook's address cannot be read") from None
