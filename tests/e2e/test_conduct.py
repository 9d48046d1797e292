"""Fair conduct on a real homeserver: a pause over downtime, a message taken out, a ban lifted."""

import asyncio
from contextlib import AsyncExitStack
from urllib.parse import quote

import pytest

from appservice.domain.rooms import FACILITATOR
from tests.e2e.test_pause import PATIENCE, House, house, power, until_power
from tests.support.client_api import MemberError
from tests.support.nio_member import NioMember
from tests.support.walker import Walker

__all__ = ["house"]
pytestmark = pytest.mark.synapse
CANARY = "violet-cormorant"


async def restarted(house: House, **span: float) -> None:
    """Let time pass while nothing runs."""
    await house.running.die()
    house.clock.advance(**span)
    await house.running.start()


async def says(walker: Walker, text: str, part: str) -> None:
    """Say something, and wait for a message with these words, whatever is told before it."""
    await walker.say(text)
    await hears(walker, part)


async def hears(walker: Walker, part: str) -> None:
    while part not in (await walker.hear()).body:
        pass


async def gone(member: NioMember, room: str, event: str) -> bool:
    path = f"/rooms/{quote(room, safe='')}/event/{quote(event, safe='')}"
    return not (await member.call("GET", path))["content"]


async def test_two_pause_one_redacts_and_a_ban_waits_for_a_second(house: House) -> None:
    installation, synapse = house.installation, house.installation.synapse
    names = [f"@{user}:{synapse.server_name}" for user in ("mira", "jonas")]
    group = await installation.new_group("Willow", *names)
    circle = group["rooms"]["circle"]
    async with AsyncExitStack() as stack:
        walkers = {}
        for name in ("mira", "jonas", "ada"):
            account = await synapse.register_user(name)
            member = await NioMember.login(synapse.url, account.user_id, account.password)
            stack.push_async_callback(member.stop)
            walkers[name] = await Walker.meet(member, installation.keeper)
            await walkers[name].join(group["code"])
            await member.join(circle)
        mira, jonas, ada = (walkers[name] for name in ("mira", "jonas", "ada"))
        await until_power(mira.member, circle, FACILITATOR)

        said = await ada.member.send(circle, CANARY)
        link = f"https://matrix.to/#/{circle}/{said}?via=x"
        await says(mira, f"!redact {link} rule 3", "Shall I do this")
        await says(mira, "1", "In ten seconds")
        await says(mira, f"!pause {ada.member.user_id} 3 days rule 3 serious", "second person too")
        await says(mira, "1", "I have asked")
        await hears(jonas, "!second 2")
        await says(jonas, "!second 2", "In ten seconds")
        await restarted(house, seconds=11)
        assert "A person decided this" in (await ada.hear("warning")).body
        await hears(ada, "you matter here")
        assert await gone(ada.member, circle, said)
        await until_power(ada.member, circle, -1)
        with pytest.raises(MemberError, match="M_FORBIDDEN"):
            await ada.member.send(circle, "in the pause")
        await restarted(house, days=4)
        await ada.hear("resumed")
        await until_power(ada.member, circle, 0)

        path = f"/rooms/{quote(circle, safe='')}/ban"
        await mira.member.call("POST", path, {"user_id": ada.member.user_id})
        await hears(ada, "A second person looks")
        await restarted(house, hours=25)
        await hears(ada, "open to you again")
        async with asyncio.timeout(PATIENCE):
            while (await mira.member.members(circle)).get(ada.member.user_id) != "invite":
                await asyncio.sleep(0.1)
        await ada.member.join(circle)
        assert await power(ada.member, circle) == 0
    log = house.running.log_end()
    assert CANARY not in log
