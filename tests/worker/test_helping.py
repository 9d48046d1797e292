"""Help overtakes what is slow: said from memory when the ordinary way is late, and only then."""

import asyncio
from collections.abc import Iterator

import pytest

from appservice.domain.commands.help import help_name
from appservice.domain.effects import Message, Say
from appservice.domain.events import MessageSaid
from appservice.domain.outcome import Outcome
from appservice.domain.records import Room
from appservice.domain.state import State
from appservice.domain.types import (
    Assurance,
    CauseId,
    EventId,
    Form,
    RoomId,
    RoomKind,
    UserId,
)
from appservice.ports import Arrival, Posting
from appservice.service.handle import Handled
from appservice.service.load import Known
from appservice.worker.helping import Helping
from tests.support.story import house, words

CHAT, ADA = RoomId("!chat:hs"), UserId("@ada:hs")
SOON = 0.02  # seconds


class Line:
    """Remembers what it was to answer, and when."""

    def __init__(self) -> None:
        self.answered: list[tuple[list[str], bool]] = []

    def remember_state(self, room, state) -> None: ...

    def is_ready(self, _room) -> bool:
        return True

    async def make_ready(self, room) -> None: ...

    async def answer(self, arrivals, *, guess) -> None:
        self.answered.append(([arrival.id for arrival in arrivals], guess))


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def helping(store, line) -> Iterator[Helping]:
    async with asyncio.TaskGroup() as tasks:
        helping = Helping(store, Known(house(), words()), line, patience=SOON)
        helping.tasks = tasks
        yield helping


def arrival(number: int, clock, **more: object) -> Arrival:
    body = {"event_id": f"$e{number}", "room_id": CHAT, "sender": ADA, "content": {}, **more}
    return Arrival(CauseId(f"$e{number}"), f"room {CHAT}", "matrix", body, clock.now())


def handled(number: int, *kinds: str) -> Handled:
    """The message was decided, and messages of these kinds are to be said."""
    said = MessageSaid(CHAT, ADA, EventId(f"$e{number}"), "x", Form.TEXT, Assurance.SIGNED)
    room = Room(CHAT, RoomKind.CHAT, None, ADA, encrypted=True)
    state = State(house=house(), words=words(), room=room)
    says = tuple(
        Say(CHAT, Message(kind, (), "en"), id=help_name(CauseId(f"$e{number}"), CHAT))
        for kind in kinds
    )
    return Handled(said, state, Outcome(effects=says))


async def patience_ends() -> None:
    """Wait until every timer that was set before has rung."""
    rung = asyncio.Event()
    asyncio.get_running_loop().call_later(2 * SOON, rung.set)
    await rung.wait()


async def test_what_waits_too_long_is_read_from_memory(helping, line, clock) -> None:
    helping.kept([arrival(1, clock), arrival(2, clock), arrival(3, clock, state_key="")])
    helping.heard(handled(1, "program"))
    await patience_ends()
    assert line.answered == [(["$e2"], False)]  # never by a guess: somebody will read it


async def test_help_that_was_decided_but_not_said_is_late_too(helping, line, clock) -> None:
    helping.kept([arrival(1, clock)])
    helping.heard(handled(1, "help"))
    await patience_ends()
    assert line.answered == [(["$e1"], False)]


async def test_what_was_said_in_time_is_left_alone(helping, line, clock) -> None:
    helping.kept([arrival(1, clock)])
    one = handled(1, "help")
    helping.heard(one)
    (say,) = one.outcome.effects
    helping.done(Posting(say.id, f"room {CHAT}", say, clock.now()))
    await patience_ends()
    assert line.answered == []


async def test_an_outage_is_answered_at_once_and_by_a_guess(helping, line, clock) -> None:
    helping.outage([arrival(1, clock)])
    await asyncio.sleep(0)
    assert line.answered == [(["$e1"], True)]
