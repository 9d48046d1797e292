"""What is loaded for an event: codes where they are asked for, and the group beside a group."""

from dataclasses import replace

from appservice.domain.application import Code
from appservice.domain.events import GroupDue, GroupInspected, MessageSaid, Parted
from appservice.domain.group import Group, Split
from appservice.domain.person import Person
from appservice.domain.types import Assurance, EventId, Form, GroupId, Matter, RoomId
from appservice.service.load import Known, load
from tests.support.agreed import agreed
from tests.support.memory_store import MemoryStore
from tests.support.story import ADA, MEI, START, ZOE, example, house, words

OLD, NEW = GroupId("old"), GroupId("new")


async def a_store() -> MemoryStore:
    """Two groups, one split from the other, with a code each; the lead is known."""
    store = MemoryStore()
    wish = Split(ADA, "Oak", (ADA, MEI), new=NEW)
    charter = replace(example(), lead=MEI)
    async with store.begin() as work:
        await work.put(Group(OLD, "open", charter, START, split=wish))
        await work.put(Group(NEW, "open", charter, START, split_from=OLD))
        await work.put(Code("OLDC0DE", OLD, START))
        await work.put(Code("NEWC0DE", NEW, START))
        await work.put(Person(MEI))
        await work.put(agreed(ADA, OLD, START))
    return store


async def test_the_group_beside_is_there_for_whoever_is_asked_to_move() -> None:
    said = MessageSaid(RoomId("!r"), ADA, EventId("$e"), "move", Form.TEXT, Assurance.SIGNED)
    async with (await a_store()).begin() as work:
        state = await load(work, Known(house(), words()), said)
    assert set(state.groups) == {OLD, NEW}
    assert state.codes == ()


async def test_codes_are_there_when_a_group_may_end_and_its_lead_can_be_told() -> None:
    store, known = await a_store(), Known(house(), words())
    async with store.begin() as work:
        due = await load(work, known, GroupDue(OLD, Matter.CLOSING))
        looked = await load(work, known, GroupInspected(OLD, ()))
    assert [code.group for code in due.codes] == [OLD]
    assert looked.codes == ()
    assert MEI in due.people


async def test_whoever_is_to_be_forgotten_brings_every_group_that_names_them() -> None:
    store, known = await a_store(), Known(house(), words())
    third = Group(GroupId("third"), "draft", replace(example(), facilitators=(ADA, ZOE)), START)
    async with store.begin() as work:
        await work.put(third)
    async with store.begin() as work:
        assert set((await load(work, known, Parted(ZOE, ()))).groups) == {third.id}
