"""A case on a real homeserver: its words to one person, a room for two without the keeper, an end.

How a member raises it is told elsewhere; here it is put down as raised.
"""

import json

import pytest

from appservice.cli.database import opened
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, Case, Numbering, Track
from appservice.domain.types import EventId, GroupId, RoomId, UserId
from tests.e2e.conftest import EnterNio
from tests.support.installation import Installation
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse
CANARY = "kanari7c1e0d the bridge by the mill"


async def raised(house: Installation, group: str, member: Walker, event: str) -> None:
    """Put down that a member has raised what they wrote in their private chat."""
    now, user = SystemClock().now(), UserId(member.member.user_id)
    case = Case(
        GroupId(group),
        1,
        Track.CARE,
        About.ME,
        opened=now,
        since=now,
        reporter=user,
        named=(user,),
        excerpt=(EventIn(RoomId(member.room), EventId(event)),),
    )
    settings = Settings.load(house.folder / "circlekeeper.yaml")
    async with opened(settings) as store, store.begin() as work:
        await work.put(case)
        await work.put(Numbering(1))


async def follows(walker: Walker, but: set[str]) -> str:
    """Accept an invitation into another room than these."""
    room = await walker.member.wait_for_invite(but=but)
    await walker.member.join(room)
    return room


async def test_a_case_is_read_by_one_talked_over_in_rooms_and_closed(
    house: Installation, enter_nio: EnterNio
) -> None:
    names = [f"@{one}:{house.synapse.server_name}" for one in ("mira", "jonas")]
    group = await house.new_group("Willow", *names)
    people = [await enter_nio(name) for name in ("mira", "jonas", "ada")]
    mira, jonas, ada = [await Walker.meet(one, house.keeper) for one in people]
    for walker in (mira, jonas, ada):
        await walker.join(group["code"])
    event = await ada.say(CANARY)
    await ada.hear("program")
    await raised(house, group["group"], ada, event)

    # taken: the words are in one chat, and fold
    listed = await mira.ask("!cases", "case_note")
    assert "C-1" in listed.body
    await mira.ask("!take 1", "case_claimed")
    words = await mira.hear("case_excerpt")
    assert words.body.endswith(f"> {CANARY}")
    assert words.keeper["case"] == "C-1"
    assert "<details>" in words.content["formatted_body"]
    taken = await jonas.ask("!take 1", "refusal")
    assert names[0] in taken.body

    # a room for the two of them, where the keeper is not
    await mira.ask("!case 1 contact", "notice")
    told = await ada.hear("notice")
    assert "I am not in there" in told.body
    known = set(group["rooms"].values())
    contact, same = [await follows(one, known) for one in (mira, ada)]
    assert contact == same
    members = await people[0].members(contact)
    assert house.keeper not in members
    await people[2].send(contact, "thank you for writing")
    await people[0].wait_for_text(contact, "thank you for writing")

    # a second person, and the words for them too
    await jonas.ask("!join 1", "notice")
    await mira.hear("notice")
    room, same = [await follows(one, known | {contact}) for one in (mira, jonas)]
    assert room == same
    assert house.keeper in await people[1].members(room)
    await mira.ask("!case 1 share", "notice")
    line = await people[1].wait_for(room, lambda one: one.kind == "case_excerpt", 20)
    assert CANARY in line.body

    # red needs two, also from within its room
    await mira.ask("!case 1 level red", "notice")
    await mira.ask("!case 1 close looked-after", "notice")
    await people[1].send(room, "!confirm 1")
    closed = await people[1].wait_for(room, lambda one: one.kind == "case_closed", 20)
    assert "closed" in closed.body

    # the operator sees numbers, and the words are nowhere
    rows = json.loads(await house.command("case", "list", "--json"))
    assert [(row["case"], row["state"]) for row in rows] == [("C-1", "closed")]
    word = CANARY.partition(" ")[0].encode()
    for file in (one for one in house.folder.rglob("*") if one.is_file()):
        assert word not in file.read_bytes(), file.name
    assert ada.member.user_id not in json.dumps(rows)
