"""Rooms of the stub homeserver: events, current state, who was in when, and who may do what."""

import bisect
from dataclasses import dataclass, field
from typing import Any

from tests.support.stub.errors import forbidden

Json = dict[str, Any]


@dataclass
class Event:
    """An event; `position` is its place in the order of everything that happened."""

    event_id: str
    room_id: str
    sender: str
    type: str
    content: Json
    ts: int
    position: int
    state_key: str | None = None
    transaction: tuple[str, str | None, str] | None = None  # (user, device, txn id)
    redacted_because: "Event | None" = None
    redacts: str | None = None
    replaces: Json | None = None  # content of the state event that this one replaced

    def client(self) -> Json:
        """As clients and application services are told it."""
        told: Json = {
            "event_id": self.event_id,
            "room_id": self.room_id,
            "sender": self.sender,
            "type": self.type,
            "content": self.content,
            "origin_server_ts": self.ts,
            "unsigned": {"age": 0},
        }
        if self.state_key is not None:
            told["state_key"] = self.state_key
            if self.replaces is not None:
                told["unsigned"]["prev_content"] = self.replaces
        if self.redacts is not None:
            told["redacts"] = self.redacts
        if self.redacted_because is not None:
            told["unsigned"]["redacted_because"] = self.redacted_because.client()
        return told

    def stripped(self) -> Json:
        return {
            "type": self.type,
            "state_key": self.state_key,
            "content": self.content,
            "sender": self.sender,
        }


@dataclass
class Room:
    """A room; `state` holds the current state events by (type, state key)."""

    room_id: str
    version: str
    creator: str
    events: list[Event] = field(default_factory=list)
    state: dict[tuple[str, str], Event] = field(default_factory=dict)
    by_id: dict[str, Event] = field(default_factory=dict)
    listed: bool = False
    _log: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _histories: list[tuple[int, str]] = field(default_factory=list)

    @property
    def members(self) -> dict[str, str]:
        """Membership of everybody who ever was in the room."""
        return {user: log[-1][1] for user, log in self._log.items()}

    def joined(self) -> list[str]:
        return [user for user, log in self._log.items() if log[-1][1] == "join"]

    def membership(self, user: str, position: int | None = None) -> str | None:
        """Membership now, or right after what happened at `position`."""
        log = self._log.get(user)
        if not log:
            return None
        if position is None:
            return log[-1][1]
        index = bisect.bisect_right(log, (position, "\uffff")) - 1
        return log[index][1] if index >= 0 else None

    def ever_joined(self, user: str) -> bool:
        return any(how == "join" for _, how in self._log.get(user, ()))

    def content(self, kind: str, key: str = "") -> Json:
        """Content of a state event, empty if there is none."""
        event = self.state.get((kind, key))
        return event.content if event else {}

    def texts(self) -> list[tuple[str, str]]:
        """Who said what in plaintext, in order."""
        return [
            (event.sender, event.content["body"])
            for event in self.events
            if event.type == "m.room.message" and "body" in event.content
        ]

    def append(self, event: Event) -> None:
        self.events.append(event)
        self.by_id[event.event_id] = event
        if event.state_key is not None:
            before = self.state.get((event.type, event.state_key))
            event.replaces = before.content if before else None
            self.state[event.type, event.state_key] = event
            if event.type == "m.room.history_visibility":
                visibility = event.content.get("history_visibility", "shared")
                self._histories.append((event.position, visibility))
            if event.type == "m.room.member":
                log = self._log.setdefault(event.state_key, [])
                log.append((event.position, str(event.content.get("membership"))))

    def visible(self, event: Event, user: str) -> bool:
        """Whether a user may see an event (spec: room history visibility)."""
        if event.type == "m.room.member" and event.state_key == user:
            return True
        if self.membership(user, event.position) == "join":
            return True
        history = self._history_at(event.position)
        if history in {"shared", "world_readable"}:
            return self.membership(user) == "join" or self._was_in_later(event, user)
        return history == "invited" and self.membership(user, event.position) == "invite"

    def state_before(self, position: int) -> list[Event]:
        """The state events as they were before `position`."""
        state: dict[tuple[str, str], Event] = {}
        for event in self.events:
            if event.position >= position:
                break
            if event.state_key is not None:
                state[event.type, event.state_key] = event
        return list(state.values())

    def _history_at(self, position: int) -> str:
        """The history visibility when something happened; `shared` before it was set."""
        found = "shared"
        for changed, visibility in self._histories:
            if changed <= position:
                found = visibility
        return found

    def _was_in_later(self, event: Event, user: str) -> bool:
        return any(
            how == "join" and position > event.position
            for position, how in self._log.get(user, ())
        )

    # -- powers (spec: m.room.power_levels; room version 12: the creators stand above all)

    def creators(self) -> set[str]:
        if self.version != "12":
            return set()
        additional = self.content("m.room.create").get("additional_creators", [])
        return {self.creator, *additional}

    def power(self, user: str) -> float:
        if user in self.creators():
            return float("inf")
        powers = self.state.get(("m.room.power_levels", ""))
        if powers is None:
            return 100 if user == self.creator else 0
        return powers.content.get("users", {}).get(user, powers.content.get("users_default", 0))

    def needed(self, kind: str, *, state: bool) -> int:
        if ("m.room.power_levels", "") not in self.state:
            return 0
        powers = self.content("m.room.power_levels")
        default = powers.get("state_default", 50) if state else powers.get("events_default", 0)
        return powers.get("events", {}).get(kind, default)

    def action(self, name: str) -> int:
        return self.content("m.room.power_levels").get(name, 0 if name == "invite" else 50)

    def authorize(self, sender: str, kind: str, content: Json, key: str | None) -> None:
        """Raise M_FORBIDDEN unless the sender may send this (authorization rules, in short)."""
        if kind == "m.room.member" and key is not None:
            self._authorize_membership(sender, key, str(content.get("membership")))
            return
        if self.membership(sender) != "join":
            raise forbidden("you are not in this room")
        if self.power(sender) < self.needed(kind, state=key is not None):
            raise forbidden("your power is too low")
        if key is not None and key.startswith("@") and key != sender:
            raise forbidden("this state is another user's")
        if kind == "m.room.power_levels" and self.creators() & set(content.get("users", {})):
            raise forbidden("creators stand in no power list")

    def _authorize_membership(self, sender: str, target: str, to: str) -> None:
        now = self.membership(target)
        if to == "join":
            rule = self.content("m.room.join_rules").get("join_rule", "invite")
            if sender != target or now == "ban":
                raise forbidden("nobody joins for another, nor when banned")
            if now not in {"join", "invite"} and rule != "public":
                raise forbidden("you are not invited to this room")
        elif to == "invite":
            self._must_be_in(sender, "invite")
            if now in {"join", "ban"}:
                raise forbidden(f"this user is {now} already")
        elif to == "leave" and sender == target:
            if now not in {"join", "invite", "knock"}:
                raise forbidden("you are not in this room")
        elif to in {"leave", "ban"}:
            self._must_be_in(sender, "kick" if to == "leave" and now != "ban" else "ban")
            if self.power(target) >= self.power(sender):
                raise forbidden("this user has as much power as you")
        else:
            raise forbidden("no such membership")

    def _must_be_in(self, sender: str, action: str) -> None:
        if self.membership(sender) != "join":
            raise forbidden("you are not in this room")
        if self.power(sender) < self.action(action):
            raise forbidden("your power is too low")
