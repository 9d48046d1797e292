"""Numbers that a person confirms while `run` runs: then a group opens, and members read them."""

import asyncio
import json
import secrets
import shutil
from datetime import UTC, datetime

import pytest

from tests.e2e.conftest import EnterNio
from tests.support.installation import Installation
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse
PATIENCE = 30  # seconds; files are looked at every five


async def help_with(walker: Walker, word: str) -> str:
    """Ask for help until a word stands in the answer."""
    async with asyncio.timeout(PATIENCE):
        while word not in (line := await walker.ask("help", "help")).body:
            await asyncio.sleep(1)
    return line.body


async def test_a_group_opens_once_somebody_has_looked_at_its_numbers(
    house: Installation, enter_nio: EnterNio
) -> None:
    shutil.rmtree(house.folder / "helplines")
    mira, jonas = await enter_nio("mira"), await enter_nio("jonas")
    people = ("--facilitator", mira.user_id, "--facilitator", jonas.user_id)
    founded = await house.command("group", "new", "--name", "WILLOW", *people, "--json")
    code = json.loads(founded)["code"]
    walkers = [await Walker.meet(member, house.keeper) for member in (mira, jonas)]
    await help_with(walkers[0], "emergency number of your country")
    for walker in walkers:
        await walker.join(code)
        signed = await walker.ask("!sign", "notice")
        assert "circlekeeper helplines confirm GB" in signed.body
    refused = await walkers[0].ask("!open", "refusal")
    assert "Samaritans 116 123" in refused.body

    await house.command("helplines", "confirm", "GB", "--by", "Robin", "--yes")
    body = await help_with(walkers[0], "116 123")
    assert "999" in body
    assert f"{datetime.now(UTC).date()}" in body
    assert body.rstrip().endswith("1: ask a facilitator to write to you")
    await walkers[0].ask("!open", "notice")

    # whom near them the group names is sealed on the disk, and is told to its members
    canary = f"kanari{secrets.token_hex(6)}"
    await walkers[0].ask(f"!professionals Crisis team {canary}", "notice")
    await walkers[1].ask("help", "help")
    assert canary in (await walkers[1].hear("notice")).body
    files = [file for file in house.folder.rglob("*") if file.is_file()]
    assert not any(canary.encode() in file.read_bytes() for file in files)

    # a file that somebody broke takes its numbers with it, and nothing else
    (house.folder / "helplines" / "gb.yaml").write_text("{")
    await help_with(walkers[0], "emergency number of your country")
    assert "helpline_refused" in house.log.read_text()
