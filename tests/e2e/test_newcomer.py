"""A first message that nobody answers, on a real homeserver: told without a word of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from appservice.clock import SystemClock
from tests.support.forked import Forked, HandClock
from tests.support.installation import Installation
from tests.support.nio_member import NioMember
from tests.support.synapse import ROOT, Synapse
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse
CANARY = "kanarienvogel-im-kreis"


class House:
    """An installation whose clock is the test's, with a small group and its members."""

    def __init__(self, folder: Path) -> None:
        self.synapse = Synapse(folder / "synapse")
        self.installation = Installation(self.synapse, folder / "circlekeeper")
        self.clock = HandClock(folder / "clock", SystemClock().now())
        self.running = Forked(self.installation.folder, self.clock)
        self.members: list[NioMember] = []

    async def begin(self) -> None:
        await self.installation.init({})
        self.synapse.add_appservice(self.installation.folder / "registration.yaml")
        await self.synapse.start()
        await self.running.start()

    async def end(self) -> None:
        for member in self.members:
            await member.stop()
        await self.running.die()
        await self.synapse.stop()

    async def enter(self, name: str, code: str, circle: str) -> Walker:
        account = await self.synapse.register_user(name)
        member = await NioMember.login(self.synapse.url, account.user_id, account.password)
        self.members.append(member)
        walker = await Walker.meet(member, self.installation.keeper)
        await walker.join(code)
        await member.join(circle)
        return walker

    async def enter_new(self, name: str, code: str, circle: str) -> Walker:
        """Somebody who allows that their first message is noticed."""
        walker = await self.enter(name, code, circle)
        await walker.ask("allow newcomer", "options")
        await walker.ask("yes", "options")
        return walker


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    try:
        await made.begin()
        yield made
    finally:
        await made.end()


async def test_facilitators_are_told_of_a_first_message_without_answer(house: House) -> None:
    names = [f"@{user}:{house.synapse.server_name}" for user in ("mira", "jonas")]
    small = ROOT / "config" / "examples" / "small.yaml"
    group = await house.installation.new_group("Willow", *names, charter=small)
    code, circle = group["code"], group["rooms"]["circle"]
    mira = await house.enter("mira", code, circle)
    ada = await house.enter_new("ada", code, circle)
    ben = await house.enter_new("ben", code, circle)

    # Ben's first message is answered, by Mira
    await ben.member.send(circle, CANARY)
    await mira.member.wait_for_text(circle, CANARY)
    await mira.member.send(circle, "Welcome, Ben")
    await mira.hear_nothing_more()
    house.clock.advance(hours=7)
    await mira.hear_nothing_more()
    before = len(mira.lines_of_keeper())

    # Ada's is not
    await ada.member.send(circle, f"{CANARY} too")
    await mira.member.wait_for_text(circle, f"{CANARY} too")
    await ada.hear_nothing_more()
    house.clock.advance(hours=7)
    told = await mira.hear("notice", timeout=30)
    assert "no one has answered" in told.body
    assert len(mira.lines_of_keeper()) == before + 1
    assert CANARY not in told.body
    for file in house.installation.folder.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()
