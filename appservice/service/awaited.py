"""Whose first message in a circle is awaited, in memory: all other messages fall at the door."""

from collections.abc import Iterable

from appservice.domain.outcome import Outcome
from appservice.domain.records import Newcomer
from appservice.domain.types import GroupId, RoomId, UserId
from appservice.ports import Json

MESSAGE = "m.room.encrypted"
_NO_MESSAGE = frozenset({"m.replace", "m.annotation", "m.reference"})  # spec: m.relates_to


class Awaited:
    """Newcomers who allowed it and have not written yet."""

    def __init__(self) -> None:
        self._circles: dict[tuple[UserId, GroupId], RoomId] = {}
        self._members: frozenset[tuple[RoomId, str]] = frozenset()

    def remember(self, newcomers: Iterable[Newcomer]) -> None:
        """Know these and nobody else; another instance may have learned of them."""
        self._circles.clear()
        self._learn(newcomers)

    def learn(self, outcome: Outcome) -> None:
        """Follow what was written down."""
        changed = [put for put in outcome.puts if isinstance(put, Newcomer)]
        gone = [drop for drop in outcome.drops if isinstance(drop, Newcomer)]
        for newcomer in gone:
            self._circles.pop((newcomer.user, newcomer.group), None)
        if changed or gone:
            self._learn(changed)

    def bare(self, event: Json, room: RoomId) -> Json | None:
        """Return that an awaited message came, without its content; None: it is none."""
        if (room, event["sender"]) not in self._members or event["type"] != MESSAGE:
            return None
        relation = event["content"].get("m.relates_to")
        if isinstance(relation, dict) and relation.get("rel_type") in _NO_MESSAGE:
            return None
        kept = ("event_id", "room_id", "sender", "type", "origin_server_ts")
        return {name: event[name] for name in kept if name in event} | {"content": {}}

    def _learn(self, newcomers: Iterable[Newcomer]) -> None:
        for newcomer in newcomers:
            key = newcomer.user, newcomer.group
            if newcomer.waiting is None:
                self._circles[key] = newcomer.circle
            else:
                self._circles.pop(key, None)
        self._members = frozenset((room, user) for (user, _), room in self._circles.items())
