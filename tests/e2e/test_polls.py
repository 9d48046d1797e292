"""A vote on a real homeserver: native polls in both namings, numbers, and what is left."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.crash.house import House
from tests.e2e.conftest import Enter, EnterNio
from tests.e2e.test_group_life import stored
from tests.e2e.test_ways_in import opened
from tests.support.element import ElementClient, Poll
from tests.support.installation import Installation
from tests.support.member import Member
from tests.support.story import EXAMPLES
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
PATIENCE = 20.0
STANDARD = EXAMPLES / "standard.yaml"
PNG = b"\x89PNG\r\n"


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[House]:
    """An installation whose clock is the test's."""
    async with House.open(tmp_path, forked=True) as made:
        yield made


@pytest.fixture
def house(place: House) -> Installation:
    return place.installation


async def enter_group(house: Installation, member: Member, group: dict) -> Walker:
    walker = await Walker.meet(member, house.keeper)
    await walker.join(group["code"])
    await member.join(group["rooms"]["noticeboard"])
    return walker


async def only_poll(member: ElementClient, room: str) -> Poll:
    """The one poll of a room as Element shows it, once it is there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await member.polls(room)
            if len(found) == 1:
                return found[0]
            await asyncio.sleep(0.1)


async def until_ended(place: House, walker: Walker) -> None:
    """Let time pass, past the quiet hours, until Element shows that the poll has ended."""
    async with asyncio.timeout(PATIENCE):
        while not (await only_poll(walker.member, walker.room)).ended:
            place.clock.advance(hours=1)
            await asyncio.sleep(0.2)


async def test_five_people_vote_in_every_way_and_only_the_result_stays(
    place: House, house: Installation, enter: Enter, enter_nio: EnterNio
) -> None:
    canary = f"kanari{secrets.token_hex(6)}"
    mira = await enter_nio("mira")
    others = await asyncio.gather(enter("ada"), enter("ben"), enter_nio("mei"), enter_nio("zoe"))
    jonas = f"@jonas:{house.synapse.server_name}"
    group = await house.new_group("Willow", mira.user_id, jonas, charter=STANDARD)
    board = group["rooms"]["noticeboard"]
    walkers = await asyncio.gather(*(enter_group(house, one, group) for one in (mira, *others)))
    asks, ada, ben, mei, zoe = walkers

    # shown back, and begun by a number
    shown = await asks.ask(f"!poll What shall we read, {canary}? | A novel | Poems", "poll")
    assert [choice["id"] for choice in shown.keeper["choices"]] == ["yes", "no"]
    await asks.ask("1", "notice")
    for walker in walkers:
        await walker.member.wait_for_text(board, canary)

    # Element shows a poll with its answers, and the same stands in plain text
    by_number = await ada.ask("polls", "poll")
    by_number = await ada.hear("poll")
    assert "1: A novel\n2: Poems" in by_number.body
    poll = await only_poll(ada.member, ada.room)
    assert poll.question == f"What shall we read, {canary}?"
    assert poll.answers == (("1", "A novel"), ("2", "Poems"))
    assert (poll.most, poll.disclosed) == (1, False)

    # both namings, a change of mind, and numbers
    await ada.member.vote(ada.room, poll.event_id, "1")
    assert "Your vote: A novel" in (await ada.hear("notice")).body
    await ben.ask("polls", "poll")
    his = await only_poll(ben.member, ben.room)
    await ben.member.vote(ben.room, his.event_id, "1", naming="stable")
    assert "Your vote: A novel" in (await ben.hear("notice")).body
    await ben.say("2")
    assert "Changed. Your vote: Poems" in (await ben.hear("notice")).body
    for walker in (mei, zoe, asks):
        await walker.ask("polls", "poll")
        await walker.hear("poll")
        assert "Your vote: Poems" in (await walker.ask("2", "notice")).body

    # what is no answer counts nothing
    await ada.member.vote(ada.room, poll.event_id, "7")
    assert "not one of the choices" in (await ada.hear("not_understood")).body

    # the close: the result in words and as a picture, for all
    await asks.ask("!poll close 1", "notice")
    line = await ada.member.wait_for_text(board, "Chosen: Poems")
    assert "1. A novel: 1\n2. Poems: 4" in line.body
    drawn = await ada.member.wait_for(board, lambda line: line.content.get("msgtype") == "m.image")
    assert drawn.body == line.body
    assert (await opened(ada, drawn)).startswith(PNG)
    await until_ended(place, ada)
    await ada.member.vote(ada.room, poll.event_id, "2")
    assert "over" in (await ada.hear("notice")).body
    assert canary.encode() not in stored(house)
