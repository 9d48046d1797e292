"""Stands between Synapse and the add-on in both directions, and kills one of them at a touch.

async with CrashProxy() as proxy:
    # the add-on asks `proxy.homeserver_url`, Synapse pushes to `proxy.appservice_url`
    proxy.to(homeserver=synapse.url, appservice="http://127.0.0.1:9010")
    proxy.arm(7, "homeserver", kill)     # at the seventh touch from now on: await kill()
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

from tests.support.ports import reserve_port

Kill = Callable[[], Awaitable[None]]
_ENDS_HERE = frozenset(
    {"host", "connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"}
)
_LIMIT = 128 * 2**20


class CrashProxy:
    """A touch is a request of either side, before it is passed on or before its answer is.

    `touches` names those since the last `arm`; `struck` is the one that killed, or None.
    """

    def __init__(self) -> None:
        self.homeserver_port = reserve_port()
        self.appservice_port = reserve_port()
        self.touches: list[str] = []
        self.struck: str | None = None
        self.may_die = asyncio.Event()  # cleared while a test asks something that it must not lose
        self.may_die.set()
        self._homeserver = self._appservice = ""
        self._target = 0
        self._kill: Kill | None = None
        self._session: aiohttp.ClientSession | None = None
        self._runners: list[web.AppRunner] = []

    @property
    def homeserver_url(self) -> str:
        """Where the add-on finds the homeserver."""
        return f"http://127.0.0.1:{self.homeserver_port}"

    @property
    def appservice_url(self) -> str:
        """Where the homeserver finds the add-on."""
        return f"http://127.0.0.1:{self.appservice_port}"

    def to(self, *, homeserver: str, appservice: str) -> None:
        """Pass requests on to these addresses."""
        self._homeserver, self._appservice = homeserver, appservice

    def arm(self, target: int = 0, kill: Kill | None = None) -> None:
        """Count from one again; at the `target`-th touch, `kill` and break off. 0: only count."""
        self.touches, self.struck = [], None
        self._target, self._kill = target, kill

    def disarm(self) -> None:
        """Kill nobody; what was counted stays to be read."""
        self._target, self._kill = 0, None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=120),
            auto_decompress=False,
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
        )
        for port, handler in (
            (self.homeserver_port, self._ask_homeserver),
            (self.appservice_port, self._push),
        ):
            served = web.Application(client_max_size=_LIMIT)
            served.router.add_route("*", "/{path:.*}", handler)
            runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            self._runners.append(runner)
        return self

    async def __aexit__(self, *_: object) -> None:
        for runner in self._runners:
            await runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def _ask_homeserver(self, request: web.Request) -> web.StreamResponse:
        return await self._pass(request, self._homeserver, "ask")

    async def _push(self, request: web.Request) -> web.StreamResponse:
        return await self._pass(request, self._appservice, "push")

    async def _pass(self, request: web.Request, to: str, what: str) -> web.StreamResponse:
        name = f"{what} {request.method} {request.path}"
        octets = await request.read()
        if await self._strike(f"before {name}"):
            return _hang_up(request)
        assert self._session is not None
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _ENDS_HERE}
        try:
            async with self._session.request(
                request.method,
                _url(to, request),
                data=octets,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                body = await answer.read()
                status, told = answer.status, answer.headers.copy()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return _hang_up(request)
        if await self._strike(f"after {name}"):
            return _hang_up(request)
        kept = {k: v for k, v in told.items() if k.lower() not in _ENDS_HERE}
        if "Content-Encoding" in told:
            kept["Content-Encoding"] = told["Content-Encoding"]
        return web.Response(status=status, body=body, headers=kept)

    async def _strike(self, label: str) -> bool:
        self.touches.append(label)
        if len(self.touches) != self._target or self._kill is None:
            return False
        self.struck = label
        await self.may_die.wait()
        await self._kill()
        return True


def _url(to: str, request: web.Request) -> URL:
    return URL(to + request.raw_path, encoded=True)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)
