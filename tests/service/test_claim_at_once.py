"""Several facilitators take one case at the same moment, on both databases: one has it."""

from dataclasses import replace

from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, Case, Numbering, Track
from appservice.domain.effects import Say
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.types import EventId, GroupId, RoomId, UserId
from appservice.store import Store
from tests.service.at_once import all_at_once, chat_of, knows, said
from tests.store.conftest import NOON, HandClock
from tests.support.agreed import agreed
from tests.support.story import example

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
            await knows(work, Person(user))
            await work.put(agreed(user, GROUP.id, NOON, admitted=True))
    await all_at_once(store, clock, [said(user, "!take 1") for user in PEOPLE])
    async with store.begin() as work:
        [case] = await work.of_group(Case, GROUP.id)
        postings = await work.postings(clock.now(), 100)
    assert case.owner in PEOPLE
    assert case.shown == (case.owner,)
    says = [one.effect for one in postings if isinstance(one.effect, Say)]
    kinds = {say.room: say.message.kind for say in says}
    others = {chat_of(user): "refusal" for user in PEOPLE if user != case.owner}
    assert kinds == {chat_of(case.owner): "case_claimed", **others}
