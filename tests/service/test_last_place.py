"""Several who come at the same moment, on both databases: a place is given once."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.application import Application, Code
from appservice.domain.gate.messages import STATEMENT_DATA
from appservice.domain.gate.rules_text import version_of
from appservice.domain.group import Group
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.records import Consent
from appservice.domain.types import EffectId, GroupId, UserId
from appservice.store import Store
from tests.service.at_once import all_at_once, chat_of, knows, said
from tests.store.conftest import NOON, HandClock
from tests.support.story import example

PEOPLE = [UserId(f"@{number}:hs") for number in range(6)]
GROUP = Group(GroupId("g"), "open", replace(example(), capacity=2), NOON)
CODE = Code("W1110W7Q4K", GROUP.id, NOON, "WILLOW-7Q4K", uses=2)


async def chats(store: Store) -> None:
    """A private chat for everybody, a group and a code."""
    async with store.begin() as work:
        await work.put(GROUP)
        await work.put(CODE)
        for user in PEOPLE:
            await knows(work, Person(user))


async def test_a_code_for_two_holds_a_place_for_two(store: Store, clock: HandClock) -> None:
    await chats(store)
    await all_at_once(store, clock, [said(user, "join WILLOW-7Q4K") for user in PEOPLE])
    async with store.begin() as work:
        assert len(await work.of_group(Application, GROUP.id)) == 2
        assert await work.of_group(Code, GROUP.id) == [replace(CODE, used=2)]


async def test_the_last_places_are_taken_once_and_the_rest_wait(
    store: Store, clock: HandClock
) -> None:
    await chats(store)
    agree = (Choice("agree", STATEMENT_DATA, STATEMENT_DATA),)
    version = version_of(GROUP)
    async with store.begin() as work:
        for user in PEOPLE:
            room = chat_of(user)
            asked = Asked(EffectId("a"), "gate", GROUP.id, "6/7", agree, shown=True, room=room)
            await knows(work, Person(user, asked=(asked,)))
            until = NOON + timedelta(days=7)
            application = Application(user, GROUP.id, 6, "en", NOON, until)
            await work.put(replace(application, rules_version=version))
    await all_at_once(store, clock, [said(user, "I consent") for user in PEOPLE])
    async with store.begin() as work:
        assert len(await work.of_group(Consent, GROUP.id)) == 2
        waiting = [a.waiting for a in await work.of_group(Application, GROUP.id)]
    assert sorted(one.number for one in waiting if one is not None) == [1, 2, 3, 4]
    assert all(one is not None and one.listed for one in waiting)
