"""What is loaded for an event: of a code's group the group alone, however many are in it."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.application import Application, Code
from appservice.domain.events import MessageSaid, Parted
from appservice.domain.group import Group
from appservice.domain.types import Assurance, EventId, Form, GroupId, RoomId, UserId
from appservice.service.load import Known, load
from tests.support.agreed import agreed
from tests.support.memory_store import MemoryStore
from tests.support.story import BEN, START, Story, example, words

GROUP, ADA, MEI = GroupId("g"), UserId("@ada:x"), UserId("@mei:x")
CODE = Code("W1110W7Q4K", GROUP, START, "WILLOW-7Q4K")


async def loaded(store: MemoryStore, user: UserId, text: str):
    said = MessageSaid(RoomId("!r"), user, EventId("$e"), text, Form.TEXT, Assurance.SIGNED)
    async with store.begin() as work:
        return await load(work, Known(Story().house, words()), said)


async def house() -> MemoryStore:
    store = MemoryStore()
    async with store.begin() as work:
        await work.put(Group(GROUP, "open", example(), START))
        await work.put(CODE)
        await work.put(Code("0THER", GROUP, START))
        until = START + timedelta(days=7)
        await work.put(Application(ADA, GROUP, 1, "en", START, until, code="W1110W7Q4K"))
        await work.put(agreed(ADA, GROUP, START))
    return store


async def test_a_code_brings_its_group_and_nobody_in_it() -> None:
    state = await loaded(await house(), MEI, "join WILLOW-7Q4K")
    assert state.code == CODE
    assert list(state.groups) == [GROUP]
    assert not state.applications
    assert not state.consents
    assert not state.codes


async def test_who_is_on_the_way_brings_the_code_that_holds_their_place() -> None:
    store = await house()
    assert (await loaded(store, ADA, "stop")).codes == (CODE,)
    assert len((await loaded(store, ADA, "!invite list")).codes) == 2
    assert not (await loaded(store, MEI, "!invite list")).codes


async def test_a_code_that_is_none_is_looked_for_as_often() -> None:
    store, asked = await house(), []

    class Counting:
        def __init__(self, work) -> None:
            self._work = work

        def __getattr__(self, name):
            asked.append(name)
            return getattr(self._work, name)

    counts = []
    for text in ("join WILLOW-7Q4K", "join WILLOW-9999"):
        asked.clear()
        said = MessageSaid(RoomId("!r"), MEI, EventId("$e"), text, Form.TEXT, Assurance.SIGNED)
        async with store.begin() as work:
            await load(Counting(work), Known(Story().house, words()), said)
        counts.append(list(asked))
    assert counts[0] == counts[1]


async def test_who_is_forgotten_brings_every_group_that_names_them() -> None:
    store, parted = await house(), Parted(BEN, ())
    async with store.begin() as work:
        await work.put(Group(GroupId("other"), "open", replace(example(), name="Oak"), START))
        nobody = replace(example(), name="Elm", facilitators=(), lead=None)
        await work.put(Group(GroupId("elm"), "open", nobody, START))
    async with store.begin() as work:
        state = await load(work, Known(Story().house, words()), parted)
    assert set(state.groups) == {GROUP, "other"}
