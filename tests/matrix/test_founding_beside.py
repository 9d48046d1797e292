"""A group founded beside another: the code is drawn at the edge, and no name is given twice."""

from dataclasses import replace
from datetime import UTC, datetime

from appservice.domain.effects import FoundGroup
from appservice.domain.events import GroupAsked, NameTaken
from appservice.domain.group import Group
from appservice.domain.types import GroupId
from tests.matrix.conftest import Place, charter

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OLD, NEW = GroupId("old"), GroupId("new")
FOUND = FoundGroup(NEW, replace(charter(), name="Oak"), NOW, split_from=OLD)


async def test_the_code_is_drawn(on_stub: Place) -> None:
    (asked,) = (await on_stub.perform(FOUND)).happened
    assert isinstance(asked, GroupAsked)
    assert asked.code.startswith("OAK-")
    assert (asked.group, asked.open, asked.split_from) == (NEW, False, OLD)


async def test_a_name_that_some_group_has_is_not_given_twice(on_stub: Place) -> None:
    async with on_stub.store.begin() as work:
        await work.put(Group(GroupId("third"), "open", replace(charter(), name="OAK"), NOW))
    assert (await on_stub.perform(FOUND)).happened == (NameTaken(OLD, "Oak"),)
    async with on_stub.store.begin() as work:
        await work.put(Group(GroupId("third"), "closed", replace(charter(), name="OAK"), NOW))
        await work.put(Group(NEW, "draft", FOUND.charter, NOW))
    (asked,) = (await on_stub.perform(FOUND)).happened
    assert isinstance(asked, GroupAsked), "a repeat is no second group: its id is known"
