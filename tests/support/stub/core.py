"""What the stub homeserver knows and does, without HTTP: users, rooms, what happens in them."""

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from appservice.clock import Clock, milliseconds
from tests.support.stub.errors import MatrixError, forbidden, not_found
from tests.support.stub.rooms import Event, Room
from tests.support.stub.users import Device, User

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

Json = dict[str, Any]


class BrokenOffError(Exception):
    """The homeserver was killed in the middle of a request."""


class ListChange(NamedTuple):
    """A reason to ask for a user's devices again."""

    position: int
    user_id: str
    by_joining: bool = False


class Core:
    """All state of the homeserver. Ids come from a counter: the same story, the same ids."""

    def __init__(self, clock: Clock, server_name: str, room_version: str) -> None:
        self.clock = clock
        self.server_name = server_name
        self.room_version = room_version
        self.versions = [f"v1.{minor}" for minor in range(1, 17)]
        self.users: dict[str, User] = {}
        self.rooms: dict[str, Room] = {}
        self.aliases: dict[str, tuple[str, str]] = {}  # alias -> (room id, creator)
        self.position = 0
        self.list_changes: list[ListChange] = []
        self.to_push: Callable[[Json], None] = lambda _: None
        self.namespaces: list[re.Pattern[str]] = []
        self.sent: dict[tuple[str, str | None, str], Any] = {}  # answers by transaction id
        self.break_create_after: int | None = None  # events; createRoom then breaks off, once
        self._counter = 0
        self._changed = asyncio.Event()

    # -- the order of things

    def step(self) -> int:
        """Something happened: its position. Wakes whoever waits for news."""
        self.position += 1
        self._changed.set()
        self._changed = asyncio.Event()
        return self.position

    async def news(self, timeout: float) -> None:
        """Wait for the next thing to happen, or for so many seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return

    def name(self, sigil: str, what: str) -> str:
        """A new id."""
        self._counter += 1
        digest = hashlib.sha256(f"{self.server_name} {what} {self._counter}".encode()).digest()
        return sigil + base64.urlsafe_b64encode(digest).decode().rstrip("=")

    # -- users

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise not_found("no such user")
        return self.users[user_id]

    def add_user(self, user_id: str, password: str | None = None) -> User:
        if user_id in self.users:
            raise MatrixError(400, "M_USER_IN_USE")
        self.users[user_id] = User(user_id, password)
        return self.users[user_id]

    def add_device(self, user_id: str, device_id: str, name: str | None = None) -> Device:
        device = self.user(user_id).devices.setdefault(device_id, Device(device_id))
        device.name = name or device.name
        return device

    def lists_changed(self, user_id: str) -> None:
        self.list_changes.append(ListChange(self.step(), user_id))

    def ours(self, user_id: str) -> bool:
        """Whether the application service's namespaces claim the user."""
        return any(pattern.fullmatch(user_id) for pattern in self.namespaces)

    def asker(self, user_id: str, device_id: str | None) -> tuple[str, str | None]:
        """Whose transaction ids count as one; Synapse does not part an application service's."""
        return ("appservice", None) if self.ours(user_id) else (user_id, device_id)

    def to_device(self, sender: str, kind: str, messages: Json) -> None:
        for user_id, by_device in messages.items():
            user = self.users.get(user_id)
            for device_id, content in by_device.items() if user else ():
                wanted = user.devices if device_id == "*" else {device_id} & set(user.devices)
                for name in wanted:
                    message = {"sender": sender, "type": kind, "content": content}
                    user.devices[name].queue.append((self.step(), message))

    # -- rooms

    def room(self, room_id: str) -> Room:
        if room_id not in self.rooms:
            raise forbidden("no such room, or you are not in it")
        return self.rooms[room_id]

    def emit(
        self,
        room: Room,
        sender: str,
        kind: str,
        content: Json,
        key: str | None = None,
        **more: Any,
    ) -> Event:
        """Check, append, and push an event."""
        room.authorize(sender, kind, content, key)
        if key is not None and kind != "m.room.member":
            there = room.state.get((kind, key))
            if there is not None and there.content == content and there.sender == sender:
                return there  # as Synapse: the same state again is no new event
        event = Event(
            event_id=self.name("$", room.room_id),
            room_id=room.room_id,
            sender=sender,
            type=kind,
            content=content,
            ts=milliseconds(self.clock.now()),
            position=self.step(),
            state_key=key,
            **more,
        )
        interested = self._interested(room, event)
        room.append(event)
        if interested or self._interested(room, event):
            self.to_push(self._pushed(room, event))
        return event

    def member(self, room: Room, sender: str, target: str, membership: str, **more: Any) -> Event:
        """Send a membership event; who joins or is invited brings their display name."""
        content: Json = {"membership": membership, **more}
        user = self.users.get(target)
        if membership == "invite" and user is not None and user.blocks_invites:
            raise MatrixError(403, "M_INVITE_BLOCKED")
        if membership in {"join", "invite"} and user is not None and user.name is not None:
            content["displayname"] = user.name
        if membership == "join" and room.membership(target) == "join":
            return room.state["m.room.member", target]
        event = self.emit(room, sender, "m.room.member", content, target)
        if membership == "join":
            self.list_changes.append(ListChange(event.position, target, by_joining=True))
        return event

    def create_room(self, sender: str, body: Json) -> str:
        """As Synapse: the alias is stored first, so a death in between leaves a half-made room."""
        version = str(body.get("room_version", self.room_version))
        alias = body.get("room_alias_name")
        if alias is not None:
            alias = f"#{alias}:{self.server_name}"
            if alias in self.aliases:
                raise MatrixError(400, "M_ROOM_IN_USE")
        users = body.get("power_level_content_override", {}).get("users")
        if version != "12" and users is not None and sender not in users:
            raise MatrixError(400, "M_BAD_JSON", "users did not contain the creator")
        room_id = self.name("!", "room")
        room = Room(
            room_id if version == "12" else f"{room_id}:{self.server_name}", version, sender
        )
        if alias is not None:
            self.aliases[alias] = (room.room_id, sender)
        limit, self.break_create_after = self.break_create_after, None
        for index, (kind, key, content) in enumerate(_first_events(room, body, alias)):
            if limit is not None and index >= limit:
                raise BrokenOffError
            self.rooms[room.room_id] = room
            if kind == "m.room.create":
                self._create_event(room, content)
            elif kind == "m.room.member" and key == sender:
                self._first_join(room)
            elif kind == "m.room.member":
                direct = {"is_direct": True} if body.get("is_direct") else {}
                self.member(room, sender, key, "invite", **direct)
            else:
                self.emit(room, sender, kind, content, key)
        if limit is not None:
            raise BrokenOffError
        room.listed = body.get("visibility") == "public"
        return room.room_id

    def _create_event(self, room: Room, content: Json) -> None:
        self._raw(room, "m.room.create", content, "")

    def _first_join(self, room: Room) -> None:
        user = self.users[room.creator]
        name = {} if user.name is None else {"displayname": user.name}
        self._raw(room, "m.room.member", {"membership": "join", **name}, room.creator)

    def _raw(self, room: Room, kind: str, content: Json, key: str) -> None:
        event = Event(
            event_id=self.name("$", room.room_id),
            room_id=room.room_id,
            sender=room.creator,
            type=kind,
            content=content,
            ts=milliseconds(self.clock.now()),
            position=self.step(),
            state_key=key,
        )
        room.append(event)
        if self.ours(room.creator):
            self.to_push(event.client())

    # -- the application service

    def _interested(self, room: Room, event: Event) -> bool:
        if self.ours(event.sender) or (event.state_key and self.ours(event.state_key)):
            return True
        return any(
            how in {"join", "invite"} and self.ours(user) for user, how in room.members.items()
        )

    def _pushed(self, room: Room, event: Event) -> Json:
        told = event.client()
        if event.content.get("membership") == "invite" and event.type == "m.room.member":
            told["unsigned"]["invite_room_state"] = invite_state(room)
        return told


def invite_state(room: Room) -> list[Json]:
    """What somebody who is invited is shown of the room (spec: stripped state)."""
    shown = (
        "m.room.create",
        "m.room.name",
        "m.room.topic",
        "m.room.join_rules",
        "m.room.canonical_alias",
        "m.room.encryption",
    )
    return [room.state[name, ""].stripped() for name in shown if (name, "") in room.state]


def _first_events(room: Room, body: Json, alias: str | None) -> list[tuple[str, str, Json]]:
    """The events of a new room in the order in which Synapse sends them."""
    create = {"room_version": room.version, **body.get("creation_content", {})}
    invited = list(body.get("invite", []))
    trusted = body.get("preset") == "trusted_private_chat"
    if trusted and room.version == "12":
        create["additional_creators"] = invited
    given = {
        (entry["type"], entry.get("state_key", "")): entry["content"]
        for entry in body.get("initial_state", [])
    }
    defaults: dict[tuple[str, str], Json] = {("m.room.power_levels", ""): _powers(room, body)}
    if alias is not None:
        defaults["m.room.canonical_alias", ""] = {"alias": alias}
    public = body.get("preset") == "public_chat"
    defaults["m.room.join_rules", ""] = {"join_rule": "public" if public else "invite"}
    defaults["m.room.history_visibility", ""] = {"history_visibility": "shared"}
    defaults["m.room.guest_access", ""] = {"guest_access": "forbidden" if public else "can_join"}
    state = {**defaults, **given}
    for name in ("name", "topic"):
        if name in body:
            state[f"m.room.{name}", ""] = {name: body[name]}
    first = [("m.room.create", "", create), ("m.room.member", room.creator, {})]
    rest = [(name, key, content) for (name, key), content in state.items()]
    return first + rest + [("m.room.member", user, {}) for user in invited]


def _powers(room: Room, body: Json) -> Json:
    users = {} if room.version == "12" else {room.creator: 100}
    if body.get("preset") == "trusted_private_chat" and room.version != "12":
        users |= dict.fromkeys(body.get("invite", []), 100)
    high = ("m.room.power_levels", "m.room.history_visibility", "m.room.encryption")
    return {
        "users": users,
        "users_default": 0,
        "events": {**dict.fromkeys(high, 100), "m.room.name": 50, "m.room.tombstone": 100},
        "events_default": 0,
        "state_default": 50,
        "ban": 50,
        "kick": 50,
        "redact": 50,
        "invite": 0,
        "historical": 100,
        **body.get("power_level_content_override", {}),
    }
