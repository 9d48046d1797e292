"""The stub homeserver's answers to requests about rooms."""

import json
from typing import Any

from tests.support.stub.core import Core
from tests.support.stub.errors import MatrixError, forbidden, not_found
from tests.support.stub.rooms import Room

Json = dict[str, Any]

MEMBERSHIPS = {
    "invite": "invite",
    "kick": "leave",
    "ban": "ban",
    "unban": "leave",
    "leave": "leave",
    "join": "join",
}


class RoomCalls:
    """One method a request; `user` is who asks, `device` with which device."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def create(self, user: str, body: Json) -> Json:
        return {"room_id": self.core.create_room(user, body)}

    def send(
        self, user: str, device: str | None, room_id: str, kind: str, txn: str, content: Json
    ):
        """A message event; the same transaction id of the same user and device is sent once."""
        key = (*self.core.asker(user, device), f"send {room_id} {kind} {txn}")
        if key not in self.core.sent:
            room = self.core.room(room_id)
            event = self.core.emit(room, user, kind, content, transaction=(user, device, txn))
            self.core.sent[key] = {"event_id": event.event_id}
        return self.core.sent[key]

    def redact(
        self,
        user: str,
        device: str | None,
        *,
        room_id: str,
        event_id: str,
        txn: str,
        body: Json,
    ) -> Json:
        key = (*self.core.asker(user, device), f"redact {room_id} {event_id} {txn}")
        if key in self.core.sent:
            return self.core.sent[key]
        room = self.core.room(room_id)
        target = room.by_id.get(event_id)
        if target is None:
            raise not_found("no such event")
        if target.sender != user and room.power(user) < room.action("redact"):
            raise forbidden("your power is too low")
        content = {"redacts": event_id, **body}
        event = self.core.emit(room, user, "m.room.redaction", content, redacts=event_id)
        target.content = {}
        target.redacted_because = event
        self.core.sent[key] = {"event_id": event.event_id}
        return self.core.sent[key]

    def put_state(self, user: str, room_id: str, kind: str, key: str, content: Json) -> Json:
        room = self.core.room(room_id)
        if kind == "m.room.member":
            more = {name: value for name, value in content.items() if name != "membership"}
            event = self.core.member(room, user, key, content["membership"], **more)
        else:
            event = self.core.emit(room, user, kind, content, key)
        return {"event_id": event.event_id}

    def membership(self, user: str, action: str, room_id: str, body: Json) -> Json:
        room = self.core.room(room_id)
        target = user if action in {"join", "leave"} else body["user_id"]
        if action == "kick" and room.membership(target) not in {"join", "invite", "knock"}:
            raise forbidden("this user is not in the room")
        more = {"reason": body["reason"]} if body.get("reason") else {}
        self.core.member(room, user, target, MEMBERSHIPS[action], **more)
        return {"room_id": room_id} if action == "join" else {}

    def forget(self, user: str, room_id: str) -> Json:
        if self.core.room(room_id).membership(user) == "join":
            raise MatrixError(400, "M_UNKNOWN", "you are still in this room")
        return {}

    def join_by_name(self, user: str, name: str) -> Json:
        room_id = name
        if name.startswith("#"):
            room_id = self.resolve(name)["room_id"]
        if room_id not in self.core.rooms:
            raise not_found("no such room")
        return self.membership(user, "join", room_id, {})

    def state(self, user: str, room_id: str) -> list[Json]:
        room = self._seen(user, room_id)
        return [event.client() for event in room.state.values()]

    def state_event(self, user: str, room_id: str, kind: str, key: str) -> Json:
        room = self._seen(user, room_id)
        event = room.state.get((kind, key))
        if event is None:
            raise not_found("no such state")
        return event.content

    def members(self, user: str, room_id: str) -> Json:
        room = self._seen(user, room_id)
        members = [e for (name, _), e in room.state.items() if name == "m.room.member"]
        return {"chunk": [event.client() for event in members]}

    def joined_members(self, user: str, room_id: str) -> Json:
        room = self._seen(user, room_id)
        if room.membership(user) != "join":
            raise forbidden("you are not in this room")
        return {"joined": {name: {} for name in room.joined()}}

    def joined_rooms(self, user: str) -> Json:
        rooms = self.core.rooms.values()
        return {"joined_rooms": [r.room_id for r in rooms if r.membership(user) == "join"]}

    def messages(self, user: str, room_id: str, query: Json) -> Json:
        """Pages of the timeline; tokens are positions."""
        room = self._seen(user, room_id)
        backwards = query.get("dir", "b") == "b"
        start = query.get("from")
        position = int(start[1:].partition("_")[0]) if start else None
        wanted = json.loads(query.get("filter", "{}"))
        types, others = wanted.get("types"), wanted.get("not_senders", ())
        events = [
            event
            for event in room.events
            if room.visible(event, user)
            and (types is None or event.type in types)
            and event.sender not in others
        ]
        if backwards:
            events = [e for e in reversed(events) if position is None or e.position <= position]
        elif position is not None:
            events = [e for e in events if e.position > position]
        page = events[: int(query.get("limit", 10))]
        answer: Json = {"chunk": [event.client() for event in page], "start": start or "s0_0"}
        if len(page) < len(events):
            last = page[-1].position
            answer["end"] = f"s{last - 1 if backwards else last}_0"
        return answer

    def event(self, user: str, room_id: str, event_id: str) -> Json:
        room = self._seen(user, room_id)
        event = room.by_id.get(event_id)
        if event is None or not room.visible(event, user):
            raise not_found("no such event")
        return event.client()

    def resolve(self, alias: str) -> Json:
        if alias not in self.core.aliases:
            raise not_found("no such alias")
        return {"room_id": self.core.aliases[alias][0], "servers": [self.core.server_name]}

    def put_alias(self, user: str, alias: str, body: Json) -> Json:
        if alias in self.core.aliases:
            raise MatrixError(409, "M_UNKNOWN", "alias exists")
        self.core.aliases[alias] = (body["room_id"], user)
        return {}

    def delete_alias(self, user: str, alias: str) -> Json:
        self.resolve(alias)
        if self.core.aliases[alias][1] != user:
            raise forbidden("this alias is another user's")
        del self.core.aliases[alias]
        return {}

    def listing(self, room_id: str) -> Json:
        if room_id not in self.core.rooms:
            raise not_found("no such room")
        return {"visibility": "public" if self.core.rooms[room_id].listed else "private"}

    def put_listing(self, user: str, room_id: str, body: Json) -> Json:
        room = self._seen(user, room_id)
        if room.power(user) < room.needed("m.room.canonical_alias", state=True):
            raise forbidden("your power is too low")
        room.listed = body.get("visibility") == "public"
        return {}

    def _seen(self, user: str, room_id: str) -> Room:
        """The room, for somebody who is or was in it."""
        room = self.core.room(room_id)
        if not room.ever_joined(user):
            raise forbidden("you are not in this room")
        return room
