"""One event, one transaction: load, decide, write down records, effects and the end of the row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appservice.domain.decide import decide
from appservice.domain.effects import Effect, Unwake, Wake
from appservice.domain.events import ChatInspected, Event
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.types import CauseId, effect_id
from appservice.ports import Posting, Work
from appservice.service.lanes import lane_of_effect, lane_of_person, lane_of_room
from appservice.service.load import Known, load


@dataclass(frozen=True)
class Handled:
    """An event, what was known when it was decided, and what followed."""

    event: Event
    state: State
    outcome: Outcome


async def handle(
    work: Work, known: Known, cause: CauseId, events: Sequence[Event], now: datetime
) -> tuple[Handled, ...]:
    """Decide events of one cause in order, and write down what follows."""
    handled = []
    index = 0
    for event in events:
        state = await load(work, known, event)
        outcome = decide(state, event, cause, now)
        await _write(work, outcome)
        if isinstance(event, ChatInspected):
            await work.release(event.room)  # whoever wrote before we had looked around
        for effect in outcome.effects:
            await _post(work, effect, cause, index, now)
            index += 1
        handled.append(Handled(event, state, outcome))
    return tuple(handled)


async def would_follow(work: Work, known: Known, event: Event, now: datetime) -> bool:
    """Tell whether an observation changes anything at all, so that idle looks leave no rows."""
    state = await load(work, known, event)
    return decide(state, event, CauseId("look"), now) != NOTHING


async def _write(work: Work, outcome: Outcome) -> None:
    for record in outcome.drops:
        await work.drop(record)
    for record in outcome.puts:
        await work.put(record)
    for entry in outcome.entries:
        await work.append(entry)
    for erasure in outcome.erasures:
        await work.erase(erasure)
    for oblivion in outcome.oblivions:
        rooms = (lane_of_room(chat) for chat in oblivion.chats)
        await work.forget_person(oblivion.user, (lane_of_person(oblivion.user), *rooms))


async def _post(work: Work, effect: Effect, cause: CauseId, index: int, now: datetime) -> None:
    match effect:
        case Wake():
            await work.wake(effect.key, effect.due, effect.event)
        case Unwake():
            await work.unwake(effect.key)
        case _:
            named = getattr(effect, "id", None)
            await work.post(
                Posting(
                    id=named or effect_id(cause, index),
                    lane=lane_of_effect(effect),
                    effect=effect,
                    created=now,
                )
            )
