"""Several to whom something happens at the same moment, as the inbox would let it happen."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from appservice.domain.events import MessageSaid, PollAnswered
from appservice.domain.person import Person
from appservice.domain.records import Room
from appservice.domain.types import Assurance, CauseId, EventId, Form, RoomId, RoomKind, UserId
from appservice.errors import StorageError
from appservice.ports import Work
from appservice.service.handle import handle
from appservice.service.load import Known
from appservice.store import Store
from tests.store.conftest import HandClock
from tests.support.story import house, words


async def knows(work: Work, person: Person) -> None:
    """Let somebody be known, with a private chat that is called after them."""
    user, room = person.user, chat_of(person.user)
    await work.put(Room(room, RoomKind.CHAT, None, user, encrypted=True, members=(user,)))
    await work.put(replace(person, chat=room, greeted=True))


def chat_of(user: UserId) -> RoomId:
    return RoomId(f"!{user}")


def said(user: UserId, text: str) -> MessageSaid:
    """Return what happens when somebody writes a text in their chat."""
    event = EventId(f"$said-{user}")
    return MessageSaid(chat_of(user), user, event, text, Form.TEXT, Assurance.SIGNED)


async def all_at_once(
    store: Store, clock: HandClock, events: Iterable[MessageSaid | PollAnswered]
) -> None:
    """Let it all happen; each step is done again as long as it is overtaken."""
    known = Known(house(), words())

    async def happens(event: MessageSaid | PollAnswered) -> None:
        while True:
            try:
                async with store.begin() as work:
                    await handle(work, known, CauseId(event.event), [event], clock.now())
            except StorageError:
                await asyncio.sleep(0.01)
            else:
                return

    await asyncio.gather(*(happens(event) for event in events))
