"""Begins anew on a database that was set back, before anything else is decided on it."""

from datetime import datetime, timedelta

from appservice.domain.cases.case import Numbering
from appservice.domain.events import GroupSetBack, PersonSetBack
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.types import CauseId, derive
from appservice.ports import Arrival, Store
from appservice.service.lanes import lane_of_event

OLDEST = timedelta(days=35)  # no copy is kept longer: docs/operators.md, "Back up"
_FACT = "set back told"


async def begin_again(store: Store, restore: str, since: datetime | None, now: datetime) -> None:
    """Jump over the numbers of cases that are lost, and let everybody hear of it, once.

    `restore` names this one among others; `since`: up to when the copy knows everything.
    """
    since = since or now - OLDEST
    async with store.begin() as work:
        if await work.fact(_FACT) == restore.encode():
            return
        await work.keep_fact(_FACT, restore.encode())
        numbering = await work.get(Numbering, "") or Numbering()
        await work.put(numbering.jumped())
        events: list[GroupSetBack | PersonSetBack] = [
            GroupSetBack(one.id, since) for one in await work.all(Group)
        ]
        people = await work.all(Person)
        events += [PersonSetBack(one.user, since) for one in people if one.chat is not None]
        await work.accept([_arrival(restore, event, now) for event in events])


def _arrival(restore: str, event: GroupSetBack | PersonSetBack, now: datetime) -> Arrival:
    lane = lane_of_event(event)
    return Arrival(CauseId(derive("set back", restore, lane)), lane, "event", event, now)
