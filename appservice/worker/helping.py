"""Sees to it that help can be said in every private chat even when the database is down."""

from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

import structlog

from appservice.domain.events import MessageSaid
from appservice.domain.state import Room, State
from appservice.domain.types import RoomId, RoomKind
from appservice.ports import Arrival, Store
from appservice.service.handle import Handled
from appservice.service.load import Known, asking_help

log = structlog.get_logger()


class Line(Protocol):
    """What answers from memory; see appservice/matrix/lifeline.py."""

    def remember_state(self, room: RoomId, state: State) -> None: ...

    def is_ready(self, room: RoomId) -> bool: ...

    async def make_ready(self, room: Room) -> None: ...

    async def answer(self, arrivals: Sequence[Arrival]) -> None: ...


class Tasks(Protocol):
    """Where work that nobody waits for goes on (asyncio.TaskGroup)."""

    def create_task(self, coroutine: Coroutine[Any, Any, None], /) -> object: ...


class Helping:
    """Keeps the line ready beside all other work; nothing that fails here stops anything."""

    def __init__(self, store: Store, known: Known, line: Line) -> None:
        self._store = store
        self._known = known
        self._line = line
        self.tasks: Tasks | None = None

    def heard(self, one: Handled) -> None:
        """Somebody wrote: remember what was known, and get ready for their next message."""
        room = one.state.room
        if not isinstance(one.event, MessageSaid) or room is None:
            return
        if room.what is RoomKind.CHAT:
            self._line.remember_state(room.room, one.state)
            if not self._line.is_ready(room.room):
                self._beside(self._line.make_ready(room))

    def outage(self, arrivals: Sequence[Arrival]) -> None:
        """The database did not take this: answer what asks for help."""
        self._beside(self._line.answer(arrivals))

    async def begin(self) -> None:
        """After a start: get ready for everybody, one chat at a time."""
        async with self._store.begin() as work:
            rooms = [room for room in await work.all(Room) if room.what is RoomKind.CHAT]
        for room in rooms:
            async with self._store.begin() as work:
                state = await asking_help(work, self._known, room)
            self._line.remember_state(room.room, state)
            await quietly(self._line.make_ready(room))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        if self.tasks is None:
            work.close()
        else:
            self.tasks.create_task(quietly(work))


async def quietly(work: Coroutine[Any, Any, None]) -> None:
    """Let work fail without taking anything with it; its kind is told, never its text."""
    try:
        await work
    except Exception as error:  # noqa: BLE001  it goes on beside what matters more
        name = getattr(work, "__qualname__", "")
        log.warning("work_failed", work=name, kind=type(error).__name__)
