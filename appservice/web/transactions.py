"""The homeserver's door: transactions, queries and pings (Application Service API, v1)."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Protocol

import structlog
from aiohttp import web

from appservice.web.body import NotJsonError, events_of

_LARGE = 1024 * 1024  # bytes; parsing more than that would hold up everything else
_RETRY_AFTER = "5"  # seconds

log = structlog.get_logger("web")


class Intake(Protocol):
    """Takes what came, and keeps it, before we say that we have it."""

    async def accept(self, txn_id: str, events: list[object]) -> bool:
        """Keep the events on disk and return True; False if nothing could be written just now.

        Entries that are no event (wrong types, missing fields) are for it to park.
        """
        ...


def homeserver_app(
    intake: Intake, hs_token: str, users: Collection[str], *, limit: int = 64 * 1024**2
) -> web.Application:
    """Make the application that the homeserver talks to.

    `users` are ours, `limit` is the largest transaction in bytes. Every answer is JSON and has a
    Content-Length (without one the homeserver counts a transaction as failed).
    """
    door = _Door(intake, hs_token, frozenset(users))
    app = web.Application(client_max_size=limit, middlewares=[_in_json, door.check])
    for prefix in ("/_matrix/app/v1", ""):  # the second is what older homeservers fall back to
        app.router.add_put(prefix + "/transactions/{txn_id}", door.transaction)
        app.router.add_get(prefix + "/users/{user}", door.user)
        app.router.add_get(prefix + "/rooms/{alias}", door.room)
    app.router.add_post("/_matrix/app/v1/ping", door.ping)
    return app


_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Door:
    def __init__(self, intake: Intake, hs_token: str, users: frozenset[str]) -> None:
        self._intake = intake
        self._token = hs_token.encode()
        self._users = users

    @web.middleware
    async def check(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Let the homeserver in and nobody else, before anything of a body is read."""
        header = request.headers.get("Authorization", "")
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer":
            given = request.query.get("access_token", "")
        if not given:
            return _refusal(401, "M_UNKNOWN_TOKEN", "The homeserver's token is missing.")
        if not hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token):
            return _refusal(403, "M_FORBIDDEN", "That is not the homeserver's token.")
        return await handler(request)

    async def transaction(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
            large = len(body) > _LARGE
            events = await asyncio.to_thread(events_of, body) if large else events_of(body)
        except NotJsonError:
            log.warning("transaction is not JSON", size=len(body))
            return _refusal(400, "M_NOT_JSON", "The body is not JSON.")
        if await self._intake.accept(request.match_info["txn_id"], events):
            return _answer({})
        later = _refusal(503, "M_UNAVAILABLE", "Nothing can be written just now.")
        later.headers["Retry-After"] = _RETRY_AFTER
        return later

    async def user(self, request: web.Request) -> web.Response:
        if request.match_info["user"] in self._users:
            return _answer({})
        return _refusal(404, "M_NOT_FOUND", "That is none of our users.")

    async def room(self, _: web.Request) -> web.Response:
        return _refusal(404, "M_NOT_FOUND", "No room is made for being asked.")

    async def ping(self, _: web.Request) -> web.Response:
        return _answer({})


@web.middleware
async def _in_json(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Give errors the shape that Matrix has for them, and keep their cause to ourselves."""
    try:
        return await handler(request)
    except web.HTTPRequestEntityTooLarge:
        log.critical("transaction is too large; raise limits.transaction_bytes")
        return _refusal(413, "M_TOO_LARGE", "The transaction is too large.")
    except web.HTTPException as error:
        return _refusal(error.status, "M_UNRECOGNIZED", "There is nothing of that name here.")
    except ConnectionError:
        raise
    except Exception as error:  # noqa: BLE001
        log.critical("transaction failed", fault=type(error).__name__)
        return _refusal(500, "M_UNKNOWN", "That went wrong here.")


def _answer(content: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(content).encode(), status=status, content_type="application/json"
    )


def _refusal(status: int, code: str, reason: str) -> web.Response:
    return _answer({"errcode": code, "error": reason}, status)
