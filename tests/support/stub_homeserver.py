"""A homeserver in the test's own process: enough Matrix for us, with hooks for crashes.

    async with StubHomeserver(clock) as stub:
        stub.load(registration)                     # the parsed registration.yaml
        ada = await stub.register_user("ada")
        stub.before = lambda touch: crash() if touch.number == 7 else None
        ...
        await stub.drained()                        # the application service has everything
        stub.room_of("@keeper:circle.test", "@ada:circle.test").texts()

It keeps Synapse's manners: createRoom stores its alias first, transactions come in order and are
repeated until a 200, a transaction id of the same user and device is sent once, the same state
again is no new event. Ids come from a counter and times from the clock, so that the same story
gives the same server. Members may act through HTTP with any client (`login`), or directly
(`invite`, `join`, `send`, ...).
"""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

from appservice.clock import Clock, SystemClock
from tests.support.stub.core import BrokenOffError, Core
from tests.support.stub.errors import MatrixError
from tests.support.stub.pusher import Pusher
from tests.support.stub.rooms import Event, Room
from tests.support.stub.routes import Asked, Routes, parts_of
from tests.support.stub.users import User
from tests.support.synapse import Account

Json = dict[str, Any]


@dataclass(frozen=True)
class Touch:
    """One time that the application service and the homeserver touch each other.

    `number` counts from 1; `method` is the request's or `PUSH` for a transaction, `path` without
    query, `user` in whose name.
    """

    number: int
    method: str
    path: str
    user: str = ""
    body: Any = field(default=None, repr=False)


Hook = Callable[[Touch], Awaitable[None] | None]


class StubHomeserver:
    """See the module. The attributes are open to inspection and to change between requests.

    `before` and `after`: called with each Touch of the application service, before it has any
    effect and after it had, before the answer; what they raise breaks the connection off without
    an answer. `touches`: all of them. `core`: users, rooms, aliases. `pusher`: transactions.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        server_name: str = "circle.test",
        room_version: str = "12",
        port: int = 0,
    ) -> None:
        self.core = Core(clock or SystemClock(), server_name, room_version)
        self.server_name = server_name
        self.before: Hook | None = None
        self.after: Hook | None = None
        self.touches: list[Touch] = []
        self.refuse: Callable[[Touch], web.Response | None] | None = None
        self.url = ""
        self.pusher = Pusher(self._push_touch)
        self._port = port
        self._tokens: dict[str, tuple[str, str]] = {}  # token -> (user, device)
        self._registration: Mapping[str, Any] = {}
        self._push: Touch | None = None
        self._routes = Routes(self.core, self._ping)
        self._runner: web.AppRunner | None = None

    # -- life

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.pusher.start()

    async def stop(self) -> None:
        await self.pusher.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def load(self, registration: Mapping[str, Any]) -> None:
        """Take an application service's parsed registration.yaml."""
        self._registration = registration
        self.core.namespaces = [
            re.compile(entry["regex"]) for entry in registration["namespaces"]["users"]
        ]
        self.core.to_push = self.pusher.add
        self.pusher.url = registration["url"]
        self.pusher.hs_token = registration["hs_token"]
        sender = f"@{registration['sender_localpart']}:{self.server_name}"
        self.core.users.setdefault(sender, User(sender))

    async def drained(self) -> None:
        """Wait until the application service has acknowledged every event."""
        await self.pusher.drained()

    # -- what there is

    @property
    def users(self) -> dict[str, User]:
        return self.core.users

    @property
    def rooms(self) -> dict[str, Room]:
        return self.core.rooms

    @property
    def aliases(self) -> dict[str, str]:
        return {alias: room for alias, (room, _) in self.core.aliases.items()}

    def room_of(self, *members: str) -> Room:
        """The newest room in which exactly these users are joined."""
        wanted = set(members)
        return [room for room in self.rooms.values() if set(room.joined()) == wanted][-1]

    # -- people

    async def register_user(self, name: str, password: str = "secret") -> Account:
        """A person, without a device; the same interface as the real Synapse of the tests."""
        user = self.core.add_user(f"@{name}:{self.server_name}", password)
        return Account(user.user_id, password)

    async def login(self, account: Account, device_id: str | None = None) -> str:
        return self.token(account.user_id, device_id or self.core.name("", "device")[:10])

    def token(self, user_id: str, device_id: str) -> str:
        """An access token of a (new) device."""
        self.core.add_device(user_id, device_id)
        token = f"token-{user_id}-{device_id}"
        self._tokens[token] = (user_id, device_id)
        return token

    async def join_by_admin(self, room_id: str, user_id: str) -> None:
        """Put a user into a room past its rules."""
        room = self.rooms[room_id]
        name = self.core.users[user_id].name
        content = {"membership": "join"} | ({} if name is None else {"displayname": name})
        event = Event(
            self.core.name("$", room_id),
            room_id,
            user_id,
            "m.room.member",
            content,
            0,
            self.core.step(),
            user_id,
        )
        room.append(event)
        self.core.to_push(event.client())

    def create_chat(
        self, user_id: str, invited: str, *, encrypted: bool = True, **more: Any
    ) -> Room:
        """A direct chat as clients make it; `more` goes into the body of createRoom."""
        algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
        encryption = {"type": "m.room.encryption", "state_key": "", "content": algorithm}
        body: Json = {
            "preset": "trusted_private_chat",
            "is_direct": True,
            "invite": [invited],
            "initial_state": [encryption] if encrypted else [],
            **more,
        }
        return self.rooms[self.core.create_room(user_id, body)]

    def invite(self, room_id: str, by: str, user_id: str) -> None:
        self.core.member(self.rooms[room_id], by, user_id, "invite")

    def join(self, room_id: str, user_id: str) -> None:
        self.core.member(self.rooms[room_id], user_id, user_id, "join")

    def leave(self, room_id: str, user_id: str) -> None:
        self.core.member(self.rooms[room_id], user_id, user_id, "leave")

    def send(self, room_id: str, user_id: str, kind: str, content: Json) -> Event:
        return self.core.emit(self.rooms[room_id], user_id, kind, content)

    def put_state(self, room_id: str, user_id: str, kind: str, content: Json) -> Event:
        return self.core.emit(self.rooms[room_id], user_id, kind, content, "")

    async def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Any = None,
        params: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One call through HTTP: status and parsed JSON, as the real Synapse of the tests."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                method, self.url + path, json=body, headers=headers, params=params
            ) as answer,
        ):
            return answer.status, await answer.json(content_type=None)

    # -- requests

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await self._body(request)
            asked = self._asked(request, body)
        except MatrixError as error:
            return _refusal(error)
        if not asked.appservice:
            return await self._answer(asked)
        touch = self._touch(request.method, request.path, asked.user, body)
        try:
            await _call(self.before, touch)
            refused = self.refuse(touch) if self.refuse else None
            answer = refused if refused is not None else await self._answer(asked)
            await _call(self.after, touch)
        except Exception:  # noqa: BLE001  whatever the hook raises: the server is gone
            return _hang_up(request)
        return answer

    async def _answer(self, asked: Asked) -> web.Response:
        try:
            return web.json_response(await self._routes.answer(asked))
        except MatrixError as error:
            return _refusal(error)
        except KeyError as missing:
            return _refusal(MatrixError(400, "M_BAD_JSON", f"missing {missing}"))

    async def _body(self, request: web.Request) -> Any:
        octets = await request.read()
        if not octets:
            return {}
        try:
            return json.loads(octets)
        except ValueError:
            raise MatrixError(400, "M_NOT_JSON") from None

    def _asked(self, request: web.Request, body: Any) -> Asked:
        query = dict(request.query)
        parts = parts_of(request.url.raw_path)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        asked = Asked(request.method, parts, query, body, "", None, appservice=False)
        if parts == ("versions",) or request.path.endswith("/client/versions"):
            raise _Done({"versions": self.core.versions})
        if parts == ("login",):
            return self._login(asked)
        if self._registration and token == self._registration["as_token"]:
            return self._masquerade(asked)
        if token not in self._tokens:
            raise MatrixError(401, "M_UNKNOWN_TOKEN" if token else "M_MISSING_TOKEN")
        asked.user, device_id = self._tokens[token]
        asked.device = self.core.user(asked.user).devices.get(device_id)
        if asked.device is None:
            raise MatrixError(401, "M_UNKNOWN_TOKEN")
        return asked

    def _masquerade(self, asked: Asked) -> Asked:
        """In whose name the application service asks (spec: identity assertion, MSC4326)."""
        sender = f"@{self._registration['sender_localpart']}:{self.server_name}"
        asked.appservice = True
        asked.user = asked.query.get("user_id", sender)
        if asked.user != sender:
            if not self.core.ours(asked.user):
                raise MatrixError(403, "M_FORBIDDEN", "cannot masquerade as this user")
            if asked.user not in self.core.users:
                raise MatrixError(403, "M_FORBIDDEN", "has not registered this user")
        device_id = asked.query.get("device_id")
        if device_id is not None:
            asked.device = self.core.user(asked.user).devices.get(device_id)
            if asked.device is None:
                raise MatrixError(400, "M_UNKNOWN_DEVICE")
        return asked

    def _login(self, asked: Asked) -> Asked:
        name = asked.body.get("identifier", {}).get("user", "")
        user_id = name if name.startswith("@") else f"@{name}:{self.server_name}"
        user = self.core.users.get(user_id)
        if user is None or user.password is None or user.password != asked.body.get("password"):
            raise MatrixError(403, "M_FORBIDDEN")
        device_id = asked.body.get("device_id") or self.core.name("", "device")[:10]
        token = self.token(user_id, device_id)
        raise _Done({"user_id": user_id, "device_id": device_id, "access_token": token})

    async def _ping(self, name: str, txn: str | None) -> Json:
        if name != self._registration["id"]:
            raise MatrixError(403, "M_FORBIDDEN")
        status = await self.pusher.ping(txn)
        if status == 0:
            raise MatrixError(502, "M_CONNECTION_FAILED")
        if status != 200:
            raise MatrixError(502, "M_BAD_STATUS")
        self.pusher.retry_now()
        return {"duration_ms": 1}

    def _touch(self, method: str, path: str, user: str = "", body: Any = None) -> Touch:
        touch = Touch(len(self.touches) + 1, method, path, user, body)
        self.touches.append(touch)
        return touch

    async def _push_touch(self, stage: str) -> None:
        if stage == "before":
            self._push = self._touch("PUSH", "transactions")
            await _call(self.before, self._push)
        elif self._push is not None:
            await _call(self.after, self._push)


class _Done(MatrixError):  # noqa: N818  an answer that needs no further look
    """An answer found while reading the request."""

    def __init__(self, answer: Json) -> None:
        super().__init__(200, "")
        self.answer = answer


def _refusal(error: MatrixError) -> web.Response:
    if isinstance(error, _Done):
        return web.json_response(error.answer)
    return web.json_response({"errcode": error.errcode, "error": error.error}, status=error.status)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _call(hook: Hook | None, touch: Touch) -> None:
    if hook is not None:
        made = hook(touch)
        if inspect.isawaitable(made):
            await made


__all__ = ["BrokenOffError", "Hook", "StubHomeserver", "Touch"]
