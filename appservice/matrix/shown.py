"""Looks which of our questions stood in a room before somebody wrote.

Ordinarily our own message comes back to us before whatever was said after it, in the room's order.
But Synapse loses a transaction that it dies with (docs/matrix.md, "Events in"), and then an answer
is here before its question. So when somebody writes while a question is still on its way, the
room's own order is asked for.
"""

from collections.abc import Sequence

from appservice.domain.events import MessageShown
from appservice.domain.person import Person
from appservice.domain.records import Room
from appservice.domain.state import House
from appservice.domain.types import EffectId
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.matrix.encryption import fingerprint
from appservice.ports import Json, Store

LOOKED_AT = 30  # newest events of the room; a question of long ago has come back by then


class ShownBefore:
    """What a transaction should have told, and did not yet."""

    def __init__(self, client: Client, store: Store, house: House) -> None:
        self._client = client
        self._store = store
        self._house = house

    async def look(
        self, event: Json, room: Room, person: Person | None
    ) -> tuple[MessageShown, ...]:
        """Return those of our open questions that stand before `event`. Raises TransientError.

        `person`: the one member of the room, if it is a private chat.
        """
        on_their_way = _on_their_way(room, person)
        if not on_their_way or room.user is None:
            return ()
        keeper = self._house.keeper
        try:
            page = await self._client.messages(room.room, user=keeper, limit=LOOKED_AT)
        except PermanentError:
            return ()  # the keeper is not in it any more
        ours = [one for one in _before(event, _events(page)) if one.get("sender") == keeper]
        async with self._store.begin() as work:
            effects = [await work.effect_by_fingerprint(fingerprint(x["content"])) for x in ours]
        return tuple(
            MessageShown(room.room, room.user, effect)
            for effect in reversed(effects)
            if effect is not None and effect in on_their_way
        )


def _on_their_way(room: Room, person: Person | None) -> set[EffectId]:
    asked = person.asked if person else ()
    return {a.message for a in asked if a.room == room.room and not (a.shown or a.answered)}


def _events(page: Json) -> Sequence[Json]:
    """Return the events of a page, as far as they are any."""
    chunk = page.get("chunk")
    found = chunk if isinstance(chunk, list) else []
    return [e for e in found if isinstance(e, dict) and isinstance(e.get("content"), dict)]


def _before(event: Json, newest_first: Sequence[Json]) -> Sequence[Json]:
    """Return what is older than an event; nothing if the event is not among the newest."""
    ids = [one.get("event_id") for one in newest_first]
    if event["event_id"] not in ids:
        return ()
    return newest_first[ids.index(event["event_id"]) + 1 :]
