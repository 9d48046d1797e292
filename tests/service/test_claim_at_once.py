"""Several facilitators take one case at the same moment, on both databases: one has it."""

import asyncio
from dataclasses import replace

from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, Case, Numbering, Track
from appservice.domain.effects import Say
from appservice.domain.events import MessageSaid
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.records import Consent, Room
from appservice.domain.types import (
    Assurance,
    CauseId,
    EventId,
    Form,
    GroupId,
    RoomId,
    RoomKind,
    UserId,
)
from appservice.errors import StorageError
from appservice.service.handle import handle
from appservice.service.load import Known
from appservice.store import Store
from tests.cli.test_group_roles import CONSENT
from tests.store.conftest import NOON, HandClock
from tests.support.story import example, house, words

PEOPLE = tuple(UserId(f"@{number}:hs") for number in range(4))
MEI = UserId("@mei:hs")
GROUP = Group(GroupId("g"), "open", replace(example(), facilitators=PEOPLE, lead=None), NOON)
CASE = Case(
    GROUP.id,
    1,
    Track.CARE,
    About.ME,
    opened=NOON,
    since=NOON,
    reporter=MEI,
    named=(MEI,),
    excerpt=(EventIn(RoomId("!mei"), EventId("$flag")),),
)


async def test_one_has_it_and_the_others_are_told(store: Store, clock: HandClock) -> None:
    async with store.begin() as work:
        await work.put(GROUP)
        await work.put(CASE)
        await work.put(Numbering(1))
        for user in PEOPLE:
            room = RoomId(f"!{user}")
            consent: Consent = replace(CONSENT, user=user, group=GROUP.id, admitted=True)
            await work.put(Room(room, RoomKind.CHAT, None, user, encrypted=True, members=(user,)))
            await work.put(Person(user, chat=room, greeted=True))
            await work.put(consent)
    known = Known(house(), words())

    async def takes(user: UserId) -> None:
        event = EventId(f"$said-{user}")
        said = MessageSaid(RoomId(f"!{user}"), user, event, "!take 1", Form.TEXT, Assurance.SIGNED)
        while True:
            try:
                async with store.begin() as work:
                    await handle(work, known, CauseId(event), [said], clock.now())
            except StorageError:
                await asyncio.sleep(0.01)
            else:
                return

    await asyncio.gather(*(takes(user) for user in PEOPLE))
    async with store.begin() as work:
        [case] = await work.of_group(Case, GROUP.id)
        postings = await work.postings(clock.now(), 100)
    assert case.owner in PEOPLE
    assert case.shown == (case.owner,)
    said = {one.effect.room: one.effect.message for one in postings if isinstance(one.effect, Say)}
    kinds = {room: message.kind for room, message in said.items()}
    others = {f"!{user}": "refusal" for user in PEOPLE if user != case.owner}
    assert kinds == {f"!{case.owner}": "case_claimed", **others}
