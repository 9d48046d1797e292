"""A group's whole life on a real homeserver: founded in a talk, moved, and closed for good."""

import asyncio
import json
import secrets

import pytest

from appservice.domain.founding import PLAN_SMALL
from tests.e2e.conftest import Enter, EnterNio
from tests.support.client_api import quoted
from tests.support.installation import Installation
from tests.support.member import Member
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]

ANSWERS = {"purpose": "We talk about those whom we have lost.", "hours": "on Mondays at seven"}


async def begin_draft(house: Installation, *facilitators: str) -> dict:
    named = [option for user in facilitators for option in ("--facilitator", user)]
    where = ("--country", "GB", "--zone", "Europe/London")
    preset = ("--preset", "bereavement", "--name", "WILLOW", *where)
    return json.loads(await house.command("group", "new", *preset, *named, "--json"))


async def complete(walker: Walker, canary: str) -> None:
    """Answer every question of a small group's draft."""
    line = await walker.ask("!draft", "question")
    for name in ("purpose", "hours", *PLAN_SMALL):
        assert line.keeper["group"] == "WILLOW"
        line = await walker.ask(ANSWERS.get(name, f"{name} {canary}"))
    assert line.kind == "notice", line.body


async def out_of(member: Member, room: str) -> None:
    await member.wait_until(lambda: room not in member.rooms(), 30, lambda: f"still in {room}")


async def joined_rooms(house: Installation, user: str) -> list[str]:
    return (await house.as_service("GET", "/joined_rooms", user))["joined_rooms"]


def stored(house: Installation) -> bytes:
    """Everything that lies on the disk: database, write-ahead log, journal, log, settings."""
    files = (file for file in house.folder.rglob("*") if file.is_file())
    return b"\n".join(file.read_bytes() for file in files)


async def test_from_a_talk_to_the_last_evening(
    house: Installation, enter: Enter, enter_nio: EnterNio
) -> None:
    canary = f"kanari{secrets.token_hex(6)}"
    mira, jonas, ada = await enter("mira"), await enter_nio("jonas"), await enter("ada")
    group = await begin_draft(house, mira.user_id, jonas.user_id)
    assert group["stage"] == "draft"

    # founded in conversation, by two who sign the same words
    mira_walks = await Walker.meet(mira, house.keeper)
    jonas_walks = await Walker.meet(jonas, house.keeper)
    for walker in (mira_walks, jonas_walks):
        await walker.join(group["code"])
        await walker.member.join(group["rooms"]["circle"])
    await complete(mira_walks, canary)
    assert canary not in stored(house).decode("latin-1")
    await jonas_walks.ask("!draft show", "charter")
    shown = [(await jonas_walks.hear()).kind for _ in range(4)]
    assert shown == ["rule", "privacy_card", "charter", "notice"]
    await mira_walks.ask("!sign", "notice")
    await jonas_walks.ask("!draft 1", "question")
    await jonas_walks.ask("We miss someone, all of us.", "question")
    assert "!sign" in (await mira_walks.hear("notice")).body  # her name is void, she is told
    await mira_walks.ask("!open", "refusal")
    for walker in (mira_walks, jonas_walks):
        await walker.ask("!sign", "notice")
    await mira_walks.ask("!open", "notice")
    ada_walks = await Walker.meet(ada, house.keeper)
    await ada_walks.join(group["code"])
    circle = group["rooms"]["circle"]
    await ada.join(circle)
    await mira.send(circle, "welcome")
    await ada.wait_for_text(circle, "welcome")

    # somebody with our token "upgrades" the circle: a new one of ours takes its place
    theirs = await ada.create_room({"name": "Willow"})
    tombstone = {"body": "moved", "replacement_room": theirs}
    path = f"/rooms/{quoted(circle)}/state/m.room.tombstone"
    await house.as_service("PUT", path, house.steward, tombstone)
    assert "not ours" in (await mira_walks.hear("notice", timeout=60)).body
    for member in (mira, jonas, ada):
        await out_of(member, circle)
        new = await member.wait_for_invite(30, sender=house.steward)
        await member.join(new)
    assert new not in (circle, theirs)
    assert circle not in await joined_rooms(house, house.steward)
    assert theirs not in await joined_rooms(house, house.steward)
    await jonas.send(new, "here we are")
    await ada.wait_for_text(new, "here we are")

    # closed: nobody is left in its rooms, and nothing of what was known of it
    closed = await house.command("group", "close", "WILLOW", "--now", "--yes", "--json")
    assert json.loads(closed)["stage"] == "closed"
    assert "has closed" in (await ada_walks.hear("withdrawn", timeout=60)).body
    for member in (mira, jonas, ada):
        await out_of(member, new)
    async with asyncio.timeout(30):
        while new in await joined_rooms(house, house.steward):
            await asyncio.sleep(0.1)
    await ada_walks.ask(f"join {group['code']}", "refusal")
    shown_group = json.loads(await house.command("group", "show", "WILLOW", "--json"))
    assert (shown_group["stage"], shown_group["members"]) == ("closed", 0)
    assert (shown_group["rooms"], shown_group["codes"]) == ({}, [])
    parked = json.loads(await house.command("parked", "list", "--json"))
    assert parked == []
    assert canary not in stored(house).decode("latin-1")
    assert canary not in house.log.read_text()
