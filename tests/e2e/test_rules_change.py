"""A major change of the rules beside a real Synapse: one agrees, one is late, one objects."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from appservice.domain.types import RoomKind, UserId
from tests.crash.house import House
from tests.support.element import Element
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop, pytest.mark.timeout(300)]
AGREE = "I agree to the rules"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One whose clock can be moved."""
    async with House.open(tmp_path, forked=True) as house:
        yield house


class Group:
    """A group whose members have Element's crypto, each in the circle."""

    def __init__(self, house: House, element: Element) -> None:
        self.house = house
        self.element = element
        self.people: dict[str, Walker] = {}
        self.circle = ""

    async def begin(self, facilitators: list[str], members: list[str]) -> None:
        accounts = {name: await self.house.register(name) for name in facilitators + members}
        named = [UserId(accounts[name].user_id) for name in facilitators]
        group, code = await self.house.found(facilitators=named)
        rooms = (await self.house.founded(group)).rooms
        self.circle = rooms[RoomKind.CIRCLE]
        for name, account in accounts.items():
            member = await self.element.login(
                self.house.synapse.url, account.user_id, account.password
            )
            keeper = f"@keeper:{self.house.synapse.server_name}"
            self.people[name] = await Walker.meet(member, keeper)
            await self.people[name].join(code, timeout=60)
            await self.people[name].ask("stop tips", "notice")
            await member.join(self.circle)

    async def hears_after(self, days: int, kind: str, *names: str) -> str:
        """Let days pass until each is told something of this kind; the last one's text."""
        self.house.clock.advance(days=days, minutes=1)
        return [(await self.people[name].hear(kind, timeout=60)).body for name in names][-1]

    async def can_write(self, name: str) -> bool:
        sending = self.people[name].member.send(self.circle, f"{name} writes")
        [result] = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(result, str) or "M_FORBIDDEN" in str(result)
        return isinstance(result, str)


async def test_one_agrees_one_is_late_one_objects(house: House, element: Element) -> None:
    group = Group(house, element)
    await group.begin(["mira", "jonas"], ["ada", "tom", "lea"])
    mira, jonas, ada, tom, lea = group.people.values()

    await mira.ask("!rules propose 44. Quiet hours: At night we write nothing here.", "rule")
    await mira.ask("!rules propose de 44. Nachtruhe: Nachts schreiben wir hier nichts.", "rule")
    await mira.ask("!rules why Many of us sleep badly.", "rule")
    published = await mira.ask("!rules publish major", "notice")
    assert "published" in published.body
    for walker in group.people.values():
        asked = await walker.hear("statement", timeout=60)
        assert "Quiet hours" in asked.body
        assert "Many of us sleep badly." in asked.body
        assert [choice["id"] for choice in asked.keeper["choices"]] == ["agree", "concerned"]
        assert asked.shield == "NONE"

    for walker in (mira, jonas, ada):
        assert "2.0.0" in (await walker.ask(AGREE, "receipt")).body
    heard = await lea.ask("concerned", "notice")
    assert "tell no one that it was you" in heard.body

    await group.hears_after(7, "statement", "tom", "lea")
    await group.hears_after(6, "statement", "tom", "lea")
    assert "not write" in await group.hears_after(1, "paused", "tom", "lea")
    await house.at_rest()
    assert [await group.can_write(name) for name in group.people] == [
        True,
        True,
        True,
        False,
        False,
    ]

    assert "not write" in (await tom.ask("continue", "statement")).body
    assert "You can write" in (await tom.ask(AGREE, "receipt")).body
    await house.at_rest()
    assert await group.can_write("tom")
    late = await ada.member.wait_for_text(group.circle, "tom writes")
    assert late.shield == "NONE"

    assert "return" in await group.hears_after(30, "notice", "lea")
    await lea.member.wait_until(lambda: group.circle not in lea.member.rooms())
    members = await ada.member.members(group.circle)
    assert {user for user, how in members.items() if how == "join"} == {
        walker.member.user_id for walker in (mira, jonas, ada, tom)
    } | {f"@steward:{house.synapse.server_name}"}
    said = " ".join(line.body for walker in group.people.values() for line in walker.heard)
    assert lea.member.user_id not in said
