"""Requests about rooms: events, state, membership, aliases, the directory."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from appservice.domain.types import EventId, RoomId
from appservice.errors import PermanentError
from appservice.matrix.transport import Json, Transport, client_path


class RoomCalls(Transport):
    """Client-server API, "Rooms"."""

    async def send_event(  # noqa: PLR0913  as the request has them
        self,
        room: str,
        event_type: str,
        content: Mapping[str, Any],
        txn: str,
        *,
        user: str,
        device: str | None = None,
    ) -> EventId:
        """Send a message event; the same `txn` by the same user and device is sent once."""
        path = client_path("rooms", room, "send", event_type, txn)
        answer = await self.call("PUT", path, content, user=user, device=device)
        return _event_id(answer)

    async def send_state(
        self,
        room: str,
        event_type: str,
        content: Mapping[str, Any],
        *,
        user: str,
        key: str = "",
    ) -> EventId:
        path = client_path("rooms", room, "state", event_type, key)
        return _event_id(await self.call("PUT", path, content, user=user))

    async def state(self, room: str, *, user: str) -> list[Json]:
        """Return all state events; PermanentError M_FORBIDDEN if `user` is not in the room."""
        answer = await self.ask("GET", client_path("rooms", room, "state"), user=user)
        return _objects(answer.body)

    async def state_event(
        self,
        room: str,
        event_type: str,
        *,
        user: str,
        key: str = "",
    ) -> Json | None:
        """Return the content of a state event, None if the room has none."""
        path = client_path("rooms", room, "state", event_type, key)
        return await absent_is_none(self.call("GET", path, user=user))

    async def event(self, room: str, event: str, *, user: str) -> Json:
        return await self.call("GET", client_path("rooms", room, "event", event), user=user)

    async def messages(
        self,
        room: str,
        *,
        user: str,
        limit: int = 100,
        start: str | None = None,
        filter_: Json | None = None,
    ) -> Json:
        """Return `chunk`: up to `limit` events before `start`, newest first; `end`: next start.

        `filter_`: a RoomEventFilter.
        """
        query = {"dir": "b", "limit": str(limit)} | ({"from": start} if start else {})
        if filter_ is not None:
            query["filter"] = json.dumps(filter_, separators=(",", ":"))
        path = client_path("rooms", room, "messages")
        return await self.call("GET", path, user=user, query=query)

    async def event_at(self, room: str, moment: int, *, user: str) -> Json:
        """Return `event_id` of the last event up to a moment (ms); PermanentError M_NOT_FOUND.

        Source: "Jump to date", since v1.6 (MSC3030).
        """
        path = client_path("rooms", room, "timestamp_to_event", version="v1")
        return await self.call("GET", path, user=user, query={"ts": str(moment), "dir": "b"})

    async def context(self, room: str, event: str, *, user: str) -> Json:
        """Return `start` and `end`: the tokens before an event and behind it."""
        path = client_path("rooms", room, "context", event)
        return await self.call("GET", path, user=user, query={"limit": "0"})

    async def redact(self, room: str, event: str, txn: str, *, user: str) -> None:
        """Take out what an event says. Without a reason: reasons are plaintext on the server."""
        await self.call("PUT", client_path("rooms", room, "redact", event, txn), {}, user=user)

    async def read_rooms(self, *, user: str, filter_: Json, since: str | None) -> Json:
        """Read what is new in the rooms of a user (`/sync`, without a device, without waiting)."""
        query = {
            "timeout": "0",
            "set_presence": "offline",
            "filter": json.dumps(filter_, separators=(",", ":")),
        }
        if since is not None:
            query["since"] = since
        path = client_path("sync")
        return await self.call("GET", path, user=user, query=query, timeout=60)

    async def joined_rooms(self, *, user: str) -> list[str]:
        answer = await self.call("GET", client_path("joined_rooms"), user=user)
        rooms = answer.get("joined_rooms")
        return [room for room in rooms if isinstance(room, str)] if isinstance(rooms, list) else []

    async def members(self, room: str, *, user: str) -> list[Json]:
        """Return the membership events of everybody who ever was in the room."""
        answer = await self.call("GET", client_path("rooms", room, "members"), user=user)
        return _objects(answer.get("chunk"))

    async def membership(self, room: str, member: str, *, user: str) -> str | None:
        """Say `join`, `invite`, `knock`, `leave` or `ban`, or None."""
        content = await self.state_event(room, "m.room.member", user=user, key=member)
        membership = (content or {}).get("membership")
        return membership if isinstance(membership, str) else None

    async def invite(self, room: str, invited: str, *, user: str) -> None:
        path = client_path("rooms", room, "invite")
        await self.call("POST", path, {"user_id": invited}, user=user)

    async def kick(self, room: str, kicked: str, *, user: str) -> None:
        """Remove somebody. Without a reason: reasons are plaintext on the server."""
        path = client_path("rooms", room, "kick")
        await self.call("POST", path, {"user_id": kicked}, user=user)

    async def unban(self, room: str, banned: str, *, user: str) -> None:
        """Lift a ban; they are not in the room by that."""
        path = client_path("rooms", room, "unban")
        await self.call("POST", path, {"user_id": banned}, user=user)

    async def join(self, room: str, *, user: str) -> None:
        await self.call("POST", client_path("rooms", room, "join"), user=user, timeout=60)

    async def leave(self, room: str, *, user: str) -> None:
        """Leave, or decline an invitation."""
        await self.call("POST", client_path("rooms", room, "leave"), user=user)

    async def forget(self, room: str, *, user: str) -> None:
        """Let a room that somebody left be as if they had never been in it."""
        await self.call("POST", client_path("rooms", room, "forget"), user=user)

    async def create_room(self, body: Json, *, user: str) -> RoomId:
        answer = await self.call("POST", client_path("createRoom"), body, user=user, timeout=60)
        return RoomId(str(answer.get("room_id")))

    async def resolve_alias(self, alias: str, *, user: str) -> RoomId | None:
        path = client_path("directory", "room", alias)
        answer = await absent_is_none(self.call("GET", path, user=user))
        return None if answer is None else RoomId(str(answer.get("room_id")))

    async def delete_alias(self, alias: str, *, user: str) -> None:
        """Delete an alias; one that is not there is success."""
        path = client_path("directory", "room", alias)
        await absent_is_none(self.call("DELETE", path, user=user))

    async def listed(self, room: str, *, user: str) -> bool:
        """Say whether the room stands in the public directory."""
        path = client_path("directory", "list", "room", room)
        return (await self.call("GET", path, user=user)).get("visibility") == "public"

    async def unlist(self, room: str, *, user: str) -> None:
        path = client_path("directory", "list", "room", room)
        await self.call("PUT", path, {"visibility": "private"}, user=user)


async def absent_is_none(asking: Any) -> Json | None:
    """Await a request, with M_NOT_FOUND as None."""
    try:
        answer: Json = await asking
    except PermanentError as error:
        if error.code == "M_NOT_FOUND":
            return None
        raise
    return answer


def _event_id(answer: Json) -> EventId:
    return EventId(str(answer.get("event_id")))


def _objects(value: object) -> list[Json]:
    entries: Sequence[object] = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]
