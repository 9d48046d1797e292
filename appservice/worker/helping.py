"""Sees to it that help can be said in every private chat, whatever is down or behind."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

import structlog

from appservice.domain.commands.help import help_name
from appservice.domain.effects import Say
from appservice.domain.events import MessageSaid
from appservice.domain.outcome import applied
from appservice.domain.records import Room
from appservice.domain.state import State
from appservice.domain.types import CauseId, EffectId, RoomId, RoomKind
from appservice.ports import Arrival, Posting, Store
from appservice.service.handle import Handled
from appservice.service.load import Known, asking_help

log = structlog.get_logger()
PATIENCE = 0.8  # seconds that the ordinary way may take; `help` is answered within two


class Line(Protocol):
    """What answers from memory; see appservice/matrix/lifeline.py."""

    def remember_state(self, room: RoomId, state: State) -> None: ...

    def is_ready(self, room: RoomId) -> bool: ...

    async def make_ready(self, room: Room) -> None: ...

    async def answer(self, arrivals: Sequence[Arrival], *, guess: bool) -> None: ...


class Tasks(Protocol):
    """Where work that nobody waits for goes on (asyncio.TaskGroup)."""

    def create_task(self, coroutine: Coroutine[Any, Any, None], /) -> object: ...


class Helping:
    """Keeps the line ready beside all other work; nothing that fails here stops anything."""

    def __init__(
        self, store: Store, known: Known, line: Line, *, patience: float = PATIENCE
    ) -> None:
        self._store = store
        self._known = known
        self._line = line
        self._patience = patience
        # messages that the ordinary way is not done with, by the name that an answer would have
        self._open: dict[EffectId, Arrival] = {}
        self.tasks: Tasks | None = None

    def kept(self, arrivals: Sequence[Arrival]) -> None:
        """Something was written down: see to it that a `help` in it does not wait for others."""
        names = [name for arrival in arrivals if (name := self._opened(arrival)) is not None]
        if names:
            asyncio.get_running_loop().call_later(self._patience, self._overdue, names)

    def done(self, posting: Posting) -> None:
        """Say that something was carried out in the ordinary way."""
        self._open.pop(posting.id, None)

    def heard(self, one: Handled) -> None:
        """Somebody wrote: remember what is known now, and get ready for their next message."""
        room = one.state.room
        if not isinstance(one.event, MessageSaid) or room is None:
            return
        if not any(isinstance(x, Say) and x.message.kind == "help" for x in one.outcome.effects):
            self._open.pop(help_name(CauseId(one.event.event), room.room), None)
        if room.what is RoomKind.CHAT:
            self._line.remember_state(room.room, applied(one.state, one.outcome))
            if not self._line.is_ready(room.room):
                self._beside(self._line.make_ready(room))

    def outage(self, arrivals: Sequence[Arrival]) -> None:
        """The database did not take this: answer what asks for help."""
        self._beside(self._line.answer(arrivals, guess=True))

    def _opened(self, arrival: Arrival) -> EffectId | None:
        if not isinstance(arrival.body, dict) or "state_key" in arrival.body:
            return None
        name = help_name(arrival.id, RoomId(arrival.body.get("room_id", "")))
        self._open[name] = arrival
        return name

    def _overdue(self, names: Sequence[EffectId]) -> None:
        late = [self._open.pop(name) for name in names if name in self._open]
        if late:
            self._beside(self._line.answer(late, guess=False))

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
