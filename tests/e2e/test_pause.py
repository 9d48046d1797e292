"""A pause by one's own wish on a real homeserver: it refuses what a paused member sends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
import pytest_asyncio

from appservice.clock import SystemClock
from tests.support.client_api import MemberError
from tests.support.forked import Forked, HandClock
from tests.support.installation import Installation
from tests.support.nio_member import NioMember
from tests.support.synapse import Synapse
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse
PATIENCE = 20.0


class House(NamedTuple):
    """An installation whose clock is the test's."""

    installation: Installation
    running: Forked
    clock: HandClock


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    installation = Installation(Synapse(tmp_path / "synapse"), tmp_path / "circlekeeper")
    clock = HandClock(tmp_path / "clock", SystemClock().now())
    running = Forked(installation.folder, clock)
    await installation.init({})
    installation.synapse.add_appservice(installation.folder / "registration.yaml")
    await installation.synapse.start()
    try:
        await running.start()
        yield House(installation, running, clock)
    finally:
        await running.die()
        await installation.synapse.stop()


async def power(member: NioMember, circle: str) -> int:
    path = f"/rooms/{quote(circle, safe='')}/state/m.room.power_levels"
    levels = await member.call("GET", path)
    return levels["users"].get(member.user_id, levels["users_default"])


async def until_power(member: NioMember, circle: str, wanted: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await power(member, circle) != wanted:
            await asyncio.sleep(0.1)


async def test_a_paused_member_cannot_send_until_the_pause_is_over(house: House) -> None:
    installation, running, clock = house
    synapse = installation.synapse
    names = [f"@{user}:{synapse.server_name}" for user in ("mira", "jonas")]
    group = await installation.new_group("Willow", *names)
    circle = group["rooms"]["circle"]
    account = await synapse.register_user("ada")
    ada = await NioMember.login(synapse.url, account.user_id, account.password)
    try:
        walker = await Walker.meet(ada, installation.keeper)
        await walker.join(group["code"])
        await ada.join(circle)
        await ada.send(circle, "before")

        told = await walker.ask("pause 2 weeks", "paused")
        assert "Others can see" in told.body
        await until_power(ada, circle, -1)
        with pytest.raises(MemberError, match="M_FORBIDDEN"):
            await ada.send(circle, "in the pause")

        await running.die()
        clock.advance(days=15)  # over the end, while nothing runs
        await running.start()
        await walker.hear("resumed")
        await until_power(ada, circle, 0)
        await ada.send(circle, "after")

        await walker.ask("pause 1 week", "paused")
        await until_power(ada, circle, -1)
        await walker.ask("return", "resumed")
        await until_power(ada, circle, 0)
        await ada.send(circle, "after the word")
        assert [line.kind for line in walker.lines_of_keeper()].count("resumed") == 2
    finally:
        await ada.stop()
