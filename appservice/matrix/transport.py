"""Carries requests to the homeserver as the application service, in the name of our users."""

import json
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote, urlencode

import aiohttp
from nio.client.async_client import AsyncClient, AsyncClientConfig

from appservice.errors import PermanentError
from appservice.matrix import answers
from appservice.matrix.answers import Answer, UnreachableError

Json = dict[str, Any]

CONNECTIONS = 12
"""Requests at a time: a homeserver of one process is no faster with more (docs/matrix.md)."""


class Transport:
    """Requests to any path of the homeserver. Use `async with`, or `close` it."""

    def __init__(
        self, homeserver: str, as_token: str, keeper: str, device: str | None = None
    ) -> None:
        """`homeserver`: base address of the client-server API; `keeper`: whole user id.

        `device`: the keeper's, None if it has none yet.
        """
        self.keeper = keeper
        self.device = device
        self._authorization = {"Authorization": f"Bearer {as_token}"}
        self._door = _Door(homeserver.rstrip("/"))

    async def ask(  # noqa: PLR0913  as a request has them
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        user: str | None = None,
        device: str | None = None,
        query: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        anonymous: bool = False,
    ) -> Answer:
        """Ask, and return the whole answer. `timeout` in seconds.

        `user` and `device`: in whose name (spec: application-service API, "Identity assertion";
        MSC4326); without them as the registration's own user; `anonymous`: without our token.
        Raises TransientError, PermanentError.
        """
        octets = json.dumps(body).encode() if body is not None or method != "GET" else None
        if body is None and octets is not None:
            octets = b"{}"
        headers = {} if anonymous else self._authorization
        whole = _path(path, user, device, query)
        return answers.read(*await self._exchange(method, whole, octets, headers, timeout))

    async def call(  # noqa: PLR0913  as a request has them
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        user: str | None = None,
        device: str | None = None,
        query: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> Json:
        """Ask, and return the JSON object of the answer. As `ask`."""
        answer = await self.ask(
            method, path, body, user=user, device=device, query=query, timeout=timeout
        )
        return answer.body if isinstance(answer.body, dict) else {}

    async def _exchange(  # noqa: PLR0913  as a request has them
        self,
        method: str,
        whole: str,
        octets: bytes | None,
        headers: Mapping[str, str],
        timeout: float,
        limit: int | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send, and return status, headers and the octets that came, at most `limit`."""
        try:
            response = await self._door.send(method, whole, octets, dict(headers), timeout=timeout)
            async with response:
                read = bytearray()
                async for chunk in response.content.iter_any():
                    read += chunk
                    if limit is not None and len(read) > limit:
                        raise PermanentError("the file is too large", "too_large")
                return response.status, response.headers, bytes(read)
        except (aiohttp.ClientError, TimeoutError, OSError):
            # without its cause: that one names the address with everybody's ids in it
            raise UnreachableError("the homeserver does not answer") from None

    async def close(self) -> None:
        if self._door.client_session is not None:
            await self._door.client_session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def client_path(*parts: str, version: str = "v3") -> str:
    """Return a path of the client-server API; each part is escaped."""
    return f"/_matrix/client/{version}/" + "/".join(quote(part, safe="") for part in parts)


class _Door(AsyncClient):
    """nio's client with our own connection pool, without its retries and its keys."""

    client_session: aiohttp.ClientSession | None

    def __init__(self, homeserver: str) -> None:
        config = AsyncClientConfig(
            encryption_enabled=False, store_sync_tokens=False, max_limit_exceeded=0, max_timeouts=0
        )
        super().__init__(homeserver, config=config)

    async def send(  # noqa: PLR0913  as nio has it
        self,
        method: str,
        path: str,
        data: Any = None,
        headers: dict[str, str] | None = None,
        trace_context: Any = None,  # noqa: ARG002
        timeout: float | None = None,
    ) -> aiohttp.ClientResponse:
        if self.client_session is None or self.client_session.closed:
            self.client_session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=30),
                json_serialize=json.dumps,
            )
        kind = {} if data is None else {"Content-Type": "application/json"}
        return await self.client_session.request(
            method,
            self.homeserver + path,
            data=data,
            headers={**kind, **(headers or {})},
            timeout=aiohttp.ClientTimeout(total=timeout),
            allow_redirects=False,
        )


def _path(path: str, user: str | None, device: str | None, query: Mapping[str, str] | None) -> str:
    given = dict(query or {})
    if user is not None:
        given["user_id"] = user
    if device is not None:
        given["device_id"] = device
    if not given:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(given)}"
