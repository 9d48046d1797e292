"""Fetches what the homeserver never delivered: Synapse loses a transaction that it dies with.

A transaction that is under way when Synapse is killed stays in its database and is sent only when
a later one fails. So we look ourselves, now and then and after each outage. What comes by both
ways is one event id and is handled once.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from appservice.domain.state import House
from appservice.domain.types import UserId, derive
from appservice.matrix.calls_keys import NOTHING_BUT_KEYS
from appservice.matrix.client import Client
from appservice.matrix.pump import next_batch
from appservice.matrix.translate import SPEAKING, WATCHED_STATE
from appservice.matrix.transport import Json
from appservice.ports import Store

Accept = Callable[[str, list[object]], Awaitable[bool]]

_NONE: Json = {"not_types": ["*"]}
_STATE = sorted({"m.room.member", *WATCHED_STATE})
_LIMIT = 100  # of one room, since the last look


class Missed:
    """Reads on from where the last look ended, for the keeper and for the steward."""

    def __init__(self, client: Client, store: Store, house: House, accept: Accept) -> None:
        """`accept`: the door that transactions come through."""
        self._client = client
        self._store = store
        self._accept = accept
        self._types = {house.keeper: sorted({*_STATE, *SPEAKING}), house.steward: _STATE}

    async def look(self) -> None:
        """Hand over what happened since the last look. Raises TransientError, PermanentError."""
        for user, types in self._types.items():
            since = await self._since(user)
            if since is None:
                await self._begin(user)
                continue
            answer = await self._sync(user, _filter(types), since)
            events = _events(answer, user)
            if not events or await self._accept("missed", events):
                await self._keep(user, answer)

    async def begin_anew(self) -> None:
        """Look from now on only: a database that was set back has handled things it forgot."""
        for user in self._types:
            await self._begin(user)

    async def _begin(self, user: UserId) -> None:
        await self._keep(user, await self._sync(user, NOTHING_BUT_KEYS, None))

    async def _sync(self, user: UserId, filter_: Json, since: str | None) -> Json:
        return await self._client.read_rooms(user=user, filter_=filter_, since=since)

    async def _since(self, user: UserId) -> str | None:
        async with self._store.begin() as work:
            token = await work.fact(_fact(user))
        return token.decode() if token else None

    async def _keep(self, user: UserId, answer: Json) -> None:
        async with self._store.begin() as work:
            await work.keep_fact(_fact(user), next_batch(answer))


def _fact(user: UserId) -> str:
    return f"looked as {user}"


def _filter(types: list[str]) -> Json:
    timeline = {"limit": _LIMIT, "types": types}
    rooms = {"timeline": timeline, "state": _NONE, "ephemeral": _NONE, "account_data": _NONE}
    return {"room": rooms, "presence": _NONE, "account_data": _NONE}


def _events(answer: Json, user: UserId) -> list[object]:
    """Return events as a transaction has them; an invitation gets the name that it lacks here."""
    rooms = _object(answer.get("rooms"))
    events: list[object] = []
    for how in ("join", "leave"):
        for room, entry in _object(rooms.get(how)).items():
            found = _object(_object(entry).get("timeline")).get("events")
            events += [{**_object(e), "room_id": room} for e in _list(found)]
    for room, entry in _object(rooms.get("invite")).items():
        shown = _list(_object(_object(entry).get("invite_state")).get("events"))
        name = "$" + derive("invitation", user, room, str(answer.get("next_batch")))
        events += [
            {**_object(e), "room_id": room, "event_id": name}
            for e in shown
            if (_object(e).get("type"), _object(e).get("state_key")) == ("m.room.member", user)
        ]
    return events


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
