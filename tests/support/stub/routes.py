"""The table of the stub homeserver's requests: method and path to the call that answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.support.stub.core import Core
from tests.support.stub.errors import MatrixError, not_found
from tests.support.stub.room_calls import MEMBERSHIPS, RoomCalls
from tests.support.stub.syncing import sync
from tests.support.stub.user_calls import UserCalls
from tests.support.stub.users import Device

Json = dict[str, Any]


@dataclass
class Asked:
    """A request: who, what. `parts` are the decoded parts of the path after the version."""

    method: str
    parts: tuple[str, ...]
    query: Json
    body: Json
    user: str
    device: Device | None
    appservice: bool
    touch: Any = None

    @property
    def device_id(self) -> str | None:
        return self.device.device_id if self.device else None


class Routes:
    """Answers whatever a client may ask."""

    def __init__(self, core: Core, ping: Callable[[str, str | None], Awaitable[Json]]) -> None:
        self.core = core
        self.rooms = RoomCalls(core)
        self.users = UserCalls(core)
        self._ping = ping

    async def answer(self, asked: Asked) -> Any:
        """The JSON of a good answer; MatrixError else."""
        method, parts = asked.method, asked.parts
        match (method, *parts):
            case ("GET", "sync"):
                return await sync(self.core, asked.user, asked.device, asked.query)
            case ("POST", "appservice", name, "ping"):
                return await self._ping(name, asked.body.get("transaction_id"))
            case (_, "rooms", room_id, *rest):
                return self._room(asked, room_id, tuple(rest))
            case (_, "keys" | "sendToDevice", *_):
                return self._keys(asked)
            case (_, "register" | "account" | "devices" | "profile" | "user" | "logout", *_):
                return self._user(asked)
            case _:
                return self._other(asked)

    def _room(self, asked: Asked, room_id: str, rest: tuple[str, ...]) -> Any:  # noqa: PLR0911
        user, body = asked.user, asked.body
        match (asked.method, *rest):
            case ("PUT", "send", kind, txn):
                return self.rooms.send(
                    user, asked.device_id, room_id=room_id, kind=kind, txn=txn, content=body
                )
            case ("PUT", "redact", event_id, txn):
                return self.rooms.redact(
                    user, asked.device_id, room_id=room_id, event_id=event_id, txn=txn, body=body
                )
            case ("GET", "state"):
                return self.rooms.state(user, room_id)
            case ("GET", "state", kind, *key):
                return self.rooms.state_event(user, room_id, kind, "".join(key))
            case ("PUT", "state", kind, *key):
                return self.rooms.put_state(user, room_id, kind, "".join(key), body)
            case ("POST", "forget"):
                return self.rooms.forget(user, room_id)
            case ("GET", "members"):
                return self.rooms.members(user, room_id)
            case ("GET", "joined_members"):
                return self.rooms.joined_members(user, room_id)
            case ("GET", "messages"):
                return self.rooms.messages(user, room_id, asked.query)
            case ("GET", "event", event_id):
                return self.rooms.event(user, room_id, event_id)
            case ("POST", "read_markers" | "receipt", *_) | ("PUT", "typing", *_):
                return {}
            case ("POST", action) if action in MEMBERSHIPS:
                return self.rooms.membership(user, action, room_id, body)
        raise not_found("unknown request about a room")

    def _keys(self, asked: Asked) -> Json:  # noqa: PLR0911
        user, body = asked.user, asked.body
        match (asked.method, *asked.parts):
            case ("POST", "keys", "upload", *_):
                if asked.device is None:
                    raise MatrixError(400, "M_UNKNOWN_DEVICE")
                return self.users.keys_upload(user, asked.device, body)
            case ("POST", "keys", "query"):
                return self.users.keys_query(user, body)
            case ("POST", "keys", "claim"):
                return self.users.keys_claim(body)
            case ("POST", "keys", "device_signing", "upload"):
                return self.users.device_signing_upload(user, body)
            case ("POST", "keys", "signatures", "upload"):
                return self.users.signatures_upload(body)
            case ("GET", "keys", "changes"):
                return {"changed": [], "left": []}
            case ("PUT", "sendToDevice", kind, txn):
                return self.users.send_to_device(user, asked.device_id, kind, txn, body)
        raise not_found("unknown request about keys")

    def _user(self, asked: Asked) -> Json:  # noqa: PLR0911
        user, body = asked.user, asked.body
        match (asked.method, *asked.parts):
            case ("POST", "register"):
                return self.users.register(body, as_appservice=asked.appservice)
            case ("GET", "account", "whoami"):
                device = {} if asked.device is None else {"device_id": asked.device_id}
                return {"user_id": user, **device}
            case ("GET", "devices"):
                return self.users.devices(user)
            case ("GET", "devices", device_id):
                return self.users.device(user, device_id)
            case ("PUT", "devices", device_id):
                return self.users.put_device(user, device_id, body)
            case ("DELETE", "devices", device_id):
                return self.users.delete_device(user, device_id)
            case ("GET", "profile", of, *field):
                return self.users.profile(of, field[0] if field else None)
            case ("PUT", "profile", of, "displayname"):
                return self.users.put_name(user, of, body)
            case ("POST", "user", _, "filter"):
                filters = self.core.user(user).filters
                filters.append(body)
                return {"filter_id": str(len(filters) - 1)}
            case ("PUT", "user", _, "account_data", kind):
                self.core.user(user).account_data[kind] = body
                return {}
            case ("GET", "user", _, "account_data", kind):
                data = self.core.user(user).account_data
                if kind not in data:
                    raise not_found("no such account data")
                return data[kind]
            case ("POST", "logout"):
                return {}
        raise not_found("unknown request about a user")

    def _other(self, asked: Asked) -> Json:  # noqa: PLR0911
        user, body = asked.user, asked.body
        match (asked.method, *asked.parts):
            case ("GET", "capabilities"):
                stable = dict.fromkeys(("10", "11", "12"), "stable")
                versions = {"default": self.core.room_version, "available": stable}
                return {"capabilities": {"m.room_versions": versions}}
            case ("POST", "createRoom"):
                return self.rooms.create(user, body)
            case ("POST", "join", name):
                return self.rooms.join_by_name(user, name)
            case ("GET", "joined_rooms"):
                return self.rooms.joined_rooms(user)
            case ("GET", "directory", "room", alias):
                return self.rooms.resolve(alias)
            case ("PUT", "directory", "room", alias):
                return self.rooms.put_alias(user, alias, body)
            case ("DELETE", "directory", "room", alias):
                return self.rooms.delete_alias(user, alias)
            case ("GET", "directory", "list", "room", room_id):
                return self.rooms.listing(room_id)
            case ("PUT", "directory", "list", "room", room_id):
                return self.rooms.put_listing(user, room_id, body)
            case ("GET", "pushrules", *_):
                return {"global": {}}
        raise MatrixError(404, "M_UNRECOGNIZED", "unknown request")


def parts_of(raw_path: str) -> tuple[str, ...]:
    """The parts of a client-server path after the version, each decoded."""
    pieces = raw_path.split("/")  # "", _matrix, client, v3, ...
    return tuple(unquote(piece) for piece in pieces[4:])
