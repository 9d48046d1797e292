"""Two groups meet once on a real homeserver: only who agrees is in, and then it is empty."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from appservice.domain.types import UserId
from tests.crash.house import House
from tests.support.walker import Walker

if TYPE_CHECKING:
    from tests.support.nio_member import NioMember

pytestmark = pytest.mark.synapse


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One whose clock can be moved."""
    async with House.open(tmp_path, forked=True) as house:
        yield house


class People:
    """Members with a private chat each, by name."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.keeper = f"@keeper:{house.synapse.server_name}"
        self.steward = f"@steward:{house.synapse.server_name}"
        self.members: dict[str, NioMember] = {}
        self.walkers: dict[str, Walker] = {}

    async def group(self, name: str, facilitators: list[str], others: list[str]) -> None:
        """Found a group, and let all of these pass its gate."""
        names = facilitators + others
        entered = await asyncio.gather(*(self.house.enter(one) for one in names))
        self.members |= dict(zip(names, entered, strict=True))
        named = [UserId(self.members[one].user_id) for one in facilitators]
        group, code = await self.house.found(name, named)
        await self.house.founded(group)
        for one in names:
            self.walkers[one] = await Walker.meet(self.members[one], self.keeper)
            await self.walkers[one].join(code, timeout=60)
            await self.walkers[one].ask("stop tips", "notice")

    async def enters(self, name: str) -> str:
        """Let somebody write the sentence and go in; the room."""
        walker = self.walkers[name]
        asked = await walker.ask("joint", timeout=60)
        while asked.kind != "statement":  # the room is not made yet
            await asyncio.sleep(1)
            asked = await walker.ask("joint", timeout=60)
        known = set(self.members[name].invites())
        reply = next(c["reply"] for c in asked.keeper["choices"] if c["id"] == "agree")
        await walker.ask(reply, "receipt", timeout=60)
        room = await self.members[name].wait_for_invite(30, sender=self.steward, but=known)
        await self.members[name].join(room)
        return room

    async def joined(self, room: str) -> set[str]:
        """Who is in a room, as the steward sees it."""
        return {
            event["state_key"]
            for event in await self.house.state(room, self.steward)
            if event["type"] == "m.room.member" and event["content"]["membership"] == "join"
        }

    async def stop(self) -> None:
        await asyncio.gather(*(member.stop() for member in self.members.values()))


async def test_two_groups_meet_once(house: House) -> None:
    people = People(house)
    try:
        await people.group("WILLOW", ["mira", "jonas"], ["ada"])
        await people.group("BIRCH", ["lea", "ole"], [])
        await _meet(people)
    finally:
        await people.stop()


async def _meet(people: People) -> None:
    house, members, walkers = people.house, people.members, people.walkers
    day = f"{house.clock.now() + timedelta(days=3):%Y-%m-%d}"
    asked = await walkers["mira"].ask(f"!joint Birch {day} 19:00 for 60m", "notice")
    assert "If there is a group Birch" in asked.body
    assert "The room is made now" in (await walkers["lea"].ask("!joint yes", "notice")).body
    await house.at_rest()

    room = await people.enters("ada")
    assert await people.enters("lea") == room
    await walkers["ole"].ask("joint", "statement")
    assert "You stay out" in (await walkers["ole"].ask("no", "notice")).body
    await house.at_rest()
    inside = {members["ada"].user_id, members["lea"].user_id, people.steward}
    assert await people.joined(room) == inside
    state = {e["type"]: e["content"] for e in await house.state(room, people.steward)}
    assert state["m.room.encryption"]["algorithm"] == "m.megolm.v1.aes-sha2"
    assert state["m.room.history_visibility"] == {"history_visibility": "joined"}
    assert people.keeper not in {
        e["state_key"]
        for e in await house.state(room, people.steward)
        if e["type"] == "m.room.member"
    }
    await members["ada"].send(room, "good to meet you")
    await members["lea"].wait_for_text(room, "good to meet you")

    now = house.clock.now()
    noon = (now + timedelta(days=1)).replace(hour=12)  # in nobody's quiet hours
    house.clock.advance(seconds=(noon - now).total_seconds())  # who was not asked is now
    assert "meets BIRCH" in (await walkers["mira"].hear("statement", timeout=60)).body

    house.clock.advance(days=6)
    for name in ("ada", "lea"):
        member = members[name]
        await member.wait_until(lambda m=member: room not in m.rooms(), 60, lambda: "still in")
    await house.at_rest()
    assert await people.joined(room) == set()  # not even the steward
    again = await walkers["ada"].ask("joint", "notice", timeout=60)
    assert "no session" in again.body
