"""What a restore asks for is written down once, however often the start after it dies."""

from datetime import timedelta

from appservice.domain.cases.case import Numbering
from appservice.domain.events import ChatInspected, GroupSetBack, PersonSetBack
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.types import GroupId, RoomId, UserId
from appservice.service.set_back import OLDEST, begin_again
from tests.support.story import example

GROUP = GroupId("g")
ADA, MEI, ZOE = UserId("@ada:hs"), UserId("@mei:hs"), UserId("@zoe:hs")


async def events(store, clock) -> list:
    """Take what arrived, lane by lane."""
    found = []
    while True:
        async with store.begin() as work:
            heads = await work.arrivals(clock.now(), 99)
            for arrival in heads:
                await work.finish(arrival.row)
        if not heads:
            return [head.body for head in sorted(found, key=lambda head: head.row)]
        found += heads


async def last_number(store) -> int:
    async with store.begin() as work:
        return (await work.get(Numbering, "")).last


async def test_numbers_jump_and_all_who_have_a_chat_are_told_once_for_each_restore(
    store, clock
) -> None:
    since = clock.now() - timedelta(hours=7)
    newer = ChatInspected(RoomId("!zoe:hs"), ZOE, (ZOE,), (), encrypted=True, can_encrypt=True)
    async with store.begin() as work:
        await work.put(Group(GROUP, "open", example(), clock.now()))
        await work.put(Person(ADA, chat=RoomId("!ada:hs")))
        await work.put(Person(MEI))  # has never written
        await work.put(Numbering(12))
    for _ in range(2):
        await begin_again(store, "41", since, [newer], clock.now())
    assert await last_number(store) == 112 + 7 * 6
    told = await events(store, clock)
    assert told == [
        newer,  # first, so that the chat is known when something is said in it
        PersonSetBack(newer.room, ZOE, since),
        PersonSetBack(RoomId("!ada:hs"), ADA, since),
        GroupSetBack(GROUP, since),
    ]

    await begin_again(store, "77", None, [], clock.now())
    assert await last_number(store) == 112 + 7 * 6 + 100 + 35 * 24 * 6
    assert {event.since for event in await events(store, clock)} == {clock.now() - OLDEST}


async def test_a_copy_that_is_put_back_twice_gives_no_number_twice(store, clock) -> None:
    """Between the two somebody had flagged, and holds a receipt with a number."""
    copied = clock.now()
    numbers = []
    for restore in ("41", "77"):
        clock.advance(hours=2)
        async with store.begin() as work:
            await work.put(Numbering(12))
        await begin_again(store, restore, copied, [], clock.now())
        numbers.append(await last_number(store))
    assert numbers[1] - numbers[0] == 12
