"""Roles on a real homeserver: power comes by a yes, goes at once, and is never nowhere."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.conftest import Enter
from tests.support.client_api import MemberError
from tests.support.element import ElementClient
from tests.support.installation import Installation
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]


@dataclass
class Group:
    """A group with two facilitators, a lead who is no member, and a member."""

    house: Installation
    told: Any
    mira: Walker
    jonas: Walker
    lea: Walker
    ada: Walker

    @property
    def circle(self) -> str:
        return str(self.told["rooms"]["circle"])

    @property
    def team(self) -> str:
        return str(self.told["rooms"]["facilitators"])

    async def powers(self, room: str) -> dict[str, int]:
        """What the homeserver itself holds."""
        steward = self.house.steward
        path = f"/rooms/{room}/state/m.room.power_levels/"
        answer = await self.house.as_service("GET", path, steward)
        return dict(answer.get("users", {}))

    async def until(self, powerful: set[str]) -> None:
        """Wait until these people and nobody else have the power of a facilitator."""
        async with asyncio.timeout(30):
            while {
                u for u, level in (await self.powers(self.circle)).items() if level
            } != powerful:
                await asyncio.sleep(0.1)


async def begun(house: Installation, enter: Enter) -> Group:
    users = {one: f"@{one}:{house.synapse.server_name}" for one in ("mira", "jonas", "lea")}
    named = ["--facilitator", users["mira"], "--facilitator", users["jonas"]]
    options = ["--name", "WILLOW", *named, "--lead", users["lea"], "--size", "standard"]
    told = json.loads(await house.command("group", "new", *options, "--open", "--json"))
    people: dict[str, Walker] = {}
    for name in ("mira", "jonas", "lea", "ada"):
        people[name] = await Walker.meet(await enter(name), house.keeper)
        if name != "lea":
            await people[name].join(told["code"])
            await people[name].member.join(told["rooms"]["circle"])
    for name in ("mira", "jonas"):
        await people[name].member.join(told["rooms"]["facilitators"])
    return Group(house, told, **people)


async def refused(doing: Any) -> None:
    with pytest.raises(MemberError, match="M_FORBIDDEN"):
        await doing


async def ban(member: ElementClient, room: str, user: str) -> None:
    await member.call("POST", f"/rooms/{room}/ban", {"user_id": user})


async def test_a_facilitator_revoked_in_anger_can_do_nothing_more(
    house: Installation, enter: Enter
) -> None:
    group = await begun(house, enter)
    mira, jonas = group.mira.member, group.jonas.member
    assert (await group.powers(group.circle))[jonas.user_id] == 50
    words = await group.ada.member.send(group.circle, "I had a hard week")
    await jonas.wait_for_text(group.circle, "I had a hard week")

    heard = await group.mira.ask(f"!revoke {jonas.user_id}", "notice")
    assert "24 hours" in heard.body
    assert mira.user_id in (await group.lea.ask("hello", "notice")).body
    await group.lea.say(f"!revoke {jonas.user_id}")
    own = await group.jonas.hear("notice")
    assert "still a member" in own.body
    assert f"@operator:{house.synapse.server_name}" in own.body

    await group.until({mira.user_id})
    for room in (group.circle, group.team, group.told["rooms"]["noticeboard"]):
        assert jonas.user_id not in await group.powers(room)
    await refused(ban(jonas, group.circle, group.ada.member.user_id))
    await refused(jonas.redact(group.circle, words))
    await refused(jonas.send(group.team, "this is not fair"))
    await refused(jonas.join(group.team))
    for word in (f"!revoke {mira.user_id}", "!open", f"!role {jonas.user_id} facilitator"):
        assert (await group.jonas.ask(word, "refusal")).kind == "refusal"
    # and they are a member as before
    await jonas.send(group.circle, "I am still here")
    await group.ada.member.wait_for_text(group.circle, "I am still here")
    assert (await group.powers(group.circle)) == {mira.user_id: 50}
    # the lead, who is no member, hears that one is not enough
    lea = group.lea
    await lea.member.wait_for(lea.room, lambda line: "It needs two" in (line.body or ""))


async def test_a_handover_and_a_resignation_by_leaving(house: Installation, enter: Enter) -> None:
    group = await begun(house, enter)
    mira, jonas, ada = (one.member for one in (group.mira, group.jonas, group.ada))
    stranger = f"@eve:{house.synapse.server_name}"
    assert (await group.mira.ask(f"!handover {stranger}", "refusal")).kind == "refusal"

    await group.mira.say(f"!handover {ada.user_id}")
    asked = await group.ada.hear("handover")
    assert [choice["id"] for choice in asked.keeper["choices"]] == ["yes", "no"]
    assert (await group.powers(group.circle)).get(ada.user_id) is None
    await group.ada.say(asked.keeper["choices"][0]["reply"])
    await group.until({jonas.user_id, ada.user_id})
    await ada.join(group.team)
    members = await ada.members(group.team)
    assert members[mira.user_id] == "leave"
    assert (await group.mira.hear("handover")).body.startswith("Your place")
    await refused(mira.send(group.team, "one more thing"))
    await mira.send(group.circle, "thank you all")

    await jonas.leave(group.team)
    await group.until({ada.user_id})
    assert "laid your role" in (await group.jonas.hear("notice")).body
    await jonas.send(group.circle, "I rest a little")
    assert (await ada.members(group.team))[jonas.user_id] == "leave"  # nobody invites them again

    # the operator helps where too few are left
    await house.command("group", "appoint", "WILLOW", mira.user_id, "facilitator")
    offered = await group.mira.hear("handover")
    await group.mira.say(offered.keeper["choices"][0]["reply"])
    await group.until({ada.user_id, mira.user_id})
    await house.command("group", "revoke", "WILLOW", ada.user_id)
    await group.until({mira.user_id})
    show = json.loads(await house.command("group", "show", "WILLOW", "--json"))
    assert show["facilitators"] == [mira.user_id]
