"""What a code leads to for strangers: the group, or nothing, by the same look-ups."""

from dataclasses import replace
from datetime import timedelta

import pytest

from appservice.domain.application import Code
from appservice.domain.group import Group
from appservice.domain.types import GroupId
from appservice.service.doorbell import group_behind
from tests.support.memory_store import MemoryStore
from tests.support.story import START, example

GROUP = Group(GroupId("g"), "open", example(), START)
CODE = Code("W1110W7Q4K", GROUP.id, START, "WILLOW-7Q4K")


async def behind(group: Group, code: Code, spelled: str = "willow 7q4k") -> Group | None:
    store = MemoryStore()
    async with store.begin() as work:
        await work.put(group)
        await work.put(code)
    return await group_behind(store, spelled, START)


async def test_a_code_that_works_leads_to_its_group() -> None:
    assert await behind(GROUP, CODE) == GROUP
    assert await behind(GROUP, replace(CODE, uses=2, used=1)) == GROUP


@pytest.mark.parametrize(
    ("group", "code", "spelled"),
    [
        (GROUP, CODE, "WILLOW-7Q4G"),
        (GROUP, CODE, "..."),
        (GROUP, replace(CODE, revoked=True), CODE.spelled),
        (GROUP, replace(CODE, uses=1, used=1), CODE.spelled),
        (GROUP, replace(CODE, expires=START - timedelta(seconds=1)), CODE.spelled),
        (replace(GROUP, stage="draft"), CODE, CODE.spelled),
        (replace(GROUP, stage="closed"), CODE, CODE.spelled),
    ],
)
async def test_any_other_leads_nowhere(group: Group, code: Code, spelled: str) -> None:
    assert await behind(group, code, spelled) is None
