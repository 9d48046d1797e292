"""Begins anew on a database that was set back, before anything else is decided on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from appservice.domain.cases.case import Numbering
from appservice.domain.events import ChatInspected, GroupSetBack, PersonSetBack
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.types import CauseId, derive
from appservice.ports import Arrival, Store
from appservice.service.lanes import lane_of_event

OLDEST = timedelta(days=35)  # no copy is kept longer: docs/operators.md, "Back up"
_FACT = "set back told"
_Event = ChatInspected | GroupSetBack | PersonSetBack


async def begin_again(
    store: Store,
    restore: str,
    since: datetime | None,
    chats: Sequence[ChatInspected],
    now: datetime,
) -> None:
    """Jump over the numbers of cases that are lost, and let everybody hear of it, once.

    `restore` names this one among others; `since`: up to when the copy knows everything; `chats`
    are those that it does not know.
    """
    since = since or now - OLDEST
    async with store.begin() as work:
        if await work.fact(_FACT) == restore.encode():
            return
        await work.keep_fact(_FACT, restore.encode())
        numbering = await work.get(Numbering, "") or Numbering()
        await work.put(numbering.jumped(now - since))
        events: list[_Event] = [*chats]
        whose = [(seen.room, seen.user) for seen in chats if seen.user is not None]
        whose += [(one.chat, one.user) for one in await work.all(Person) if one.chat is not None]
        events += [PersonSetBack(room, user, since) for room, user in whose]
        events += [GroupSetBack(one.id, since) for one in await work.all(Group)]
        await work.accept([_arrival(restore, event, now) for event in events])


def _arrival(restore: str, event: _Event, now: datetime) -> Arrival:
    lane = lane_of_event(event)
    cause = CauseId(derive("set back", restore, type(event).__name__, lane))
    return Arrival(cause, lane, "event", event, now)
