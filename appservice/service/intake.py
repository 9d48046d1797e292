"""The door: what the homeserver sends is written down before it is told that we have it."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog

from appservice.clock import Clock
from appservice.domain.records import Room
from appservice.domain.types import CauseId, RoomId, RoomKind, derive
from appservice.errors import StorageError
from appservice.ports import Arrival, Json, Store
from appservice.service.awaited import Awaited
from appservice.service.lanes import lane_of_room

log = structlog.get_logger()
_UNHEARD = frozenset({RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.CONTACT})
MALFORMED = "malformed"
LONGEST_ID = 255  # octets, says the specification
DATABASE_SECONDS = (
    0.7  # longer than any healthy commit, short enough to answer `help` in two seconds
)


class Journal(Protocol):
    """A file that takes transactions while the database cannot."""

    def append(self, entry: bytes) -> int: ...

    def entries(self) -> Sequence[tuple[int, bytes]]: ...

    def truncate(self, position: int | None = None) -> None: ...

    def empty(self) -> bool: ...

    def keep_reserve(self) -> None: ...


class Rooms:
    """What each room is, in memory: messages are dropped at the door where nobody listens."""

    def __init__(self) -> None:
        self._kinds: dict[RoomId, RoomKind] = {}

    def remember(self, rooms: Sequence[Room]) -> None:
        for room in rooms:
            self._kinds[room.room] = room.what

    def kind(self, room: RoomId) -> RoomKind | None:
        return self._kinds.get(room)


class Intake:
    """Takes transactions: into the database, else into the journal, else not at all."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        clock: Clock,
        rooms: Rooms,
        awaited: Awaited | None = None,
    ) -> None:
        self._store = store
        self._awaited = awaited or Awaited()
        self._journal = journal
        self._clock = clock
        self._rooms = rooms
        self.on_arrival: Callable[[], None] = lambda: None
        self.on_kept: Callable[[Sequence[Arrival]], None] = lambda _: None
        self.on_outage: Callable[[Sequence[Arrival]], None] = lambda _: None
        journal.keep_reserve()
        self.journaling = not journal.empty()  # something waits in the journal
        self._late: set[asyncio.Task[None]] = set()

    async def accept(self, txn_id: str, events: list[object]) -> bool:
        """Keep a transaction. True: it is on a disk of ours. False: nobody could keep it."""
        arrivals = self._sort(txn_id, events)
        if not arrivals:
            return True
        if not self.journaling and await self._into_database(arrivals):
            self.on_arrival()
            self.on_kept(arrivals)
            return True
        self.on_outage(arrivals)
        try:
            await asyncio.to_thread(self._journal.append, _packed(arrivals))
        except StorageError as error:
            log.error("nothing_can_be_written", reason=str(error))
            return False
        self.journaling = True
        return True

    async def catch_up(self) -> None:
        """Move the journal into the database; what is known already is ignored there."""
        entries = await asyncio.to_thread(self._journal.entries)
        for _, entry in entries:
            await self._write(_unpacked(entry))
        if entries:
            await asyncio.to_thread(self._journal.truncate, entries[-1][0])
        await asyncio.to_thread(self._journal.keep_reserve)
        self.journaling = not await asyncio.to_thread(self._journal.empty)
        self.on_arrival()

    async def _into_database(self, arrivals: Sequence[Arrival]) -> bool:
        """Commit, but wait no longer than a member can; a late commit does no harm."""
        task = asyncio.create_task(self._write(arrivals))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        done, _ = await asyncio.wait({task}, timeout=DATABASE_SECONDS)
        if not done:
            task.add_done_callback(_forget)
            return False
        return task.exception() is None

    async def _write(self, arrivals: Sequence[Arrival]) -> None:
        async with self._store.begin() as work:
            await work.accept(arrivals)

    def _sort(self, txn_id: str, events: list[object]) -> list[Arrival]:
        """Drop what is not ours to have; of what nobody could read, keep that it came."""
        kept = []
        for index, event in enumerate(events):
            room = well_formed(event)
            if room is None or not isinstance(event, dict):
                id_ = CauseId(derive("malformed", txn_id, str(index)))
                kept.append(self._arrival(id_, MALFORMED, {}))
            elif self._ours(event, room):
                kept.append(self._arrival(CauseId(event["event_id"]), lane_of_room(room), event))
            elif (bare := self._awaited.bare(event, room)) is not None:
                kept.append(self._arrival(CauseId(event["event_id"]), lane_of_room(room), bare))
        return kept

    def _ours(self, event: Json, room: RoomId) -> bool:
        """State events of every room; messages of every room that is listened to."""
        if "state_key" in event:
            return True
        return self._rooms.kind(room) not in _UNHEARD

    def _arrival(self, id_: CauseId, lane: str, body: Json) -> Arrival:
        return Arrival(id_, lane, "matrix" if body else MALFORMED, body, self._clock.now())


def well_formed(event: object) -> RoomId | None:
    """Return the room of an event that has what every event has, else None."""
    if not isinstance(event, dict):
        return None
    fields: tuple[Any, ...] = tuple(
        event.get(name) for name in ("event_id", "room_id", "sender", "type")
    )
    if not all(isinstance(field, str) and 0 < len(field) <= LONGEST_ID for field in fields):
        return None
    if not isinstance(event.get("content"), dict):
        return None
    if "state_key" in event and not isinstance(event["state_key"], str):
        return None
    return RoomId(event["room_id"])


def _packed(arrivals: Sequence[Arrival]) -> bytes:
    return json.dumps(
        [[x.id, x.lane, x.source, x.body, x.received.isoformat()] for x in arrivals]
    ).encode()


def _unpacked(entry: bytes) -> list[Arrival]:
    return [
        Arrival(CauseId(id_), lane, source, body, datetime.fromisoformat(received))
        for id_, lane, source, body, received in json.loads(entry)
    ]


def _forget(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        task.exception()
