"""What a restore asks for is written down once, however often the start after it dies."""

from datetime import timedelta

from appservice.domain.cases.case import Numbering
from appservice.domain.events import GroupSetBack, PersonSetBack
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.types import GroupId, RoomId, UserId
from appservice.service.set_back import OLDEST, begin_again
from tests.support.story import example

GROUP, ADA, MEI = GroupId("g"), UserId("@ada:hs"), UserId("@mei:hs")


async def events(store, clock) -> list:
    async with store.begin() as work:
        return [arrival.body for arrival in await work.arrivals(clock.now(), 99)]


async def last_number(store) -> int:
    async with store.begin() as work:
        return (await work.get(Numbering, "")).last


async def test_numbers_jump_and_all_who_have_a_chat_are_told_once_for_each_restore(
    store, clock
) -> None:
    since = clock.now() - timedelta(hours=7)
    async with store.begin() as work:
        await work.put(Group(GROUP, "open", example(), clock.now()))
        await work.put(Person(ADA, chat=RoomId("!ada:hs")))
        await work.put(Person(MEI))  # has never written
        await work.put(Numbering(12))
    for _ in range(2):
        await begin_again(store, "41", since, clock.now())
    assert await last_number(store) == 112
    told = await events(store, clock)
    assert sorted(told, key=repr) == [GroupSetBack(GROUP, since), PersonSetBack(ADA, since)]

    async with store.begin() as work:
        for arrival in await work.arrivals(clock.now(), 99):
            await work.finish(arrival.row)
    await begin_again(store, "77", None, clock.now())
    assert await last_number(store) == 212
    assert {event.since for event in await events(store, clock)} == {clock.now() - OLDEST}
