"""A facilitator resets their identity in Element: their words rest until another vouches."""

import asyncio

import pytest
import pytest_asyncio

from tests.e2e.conftest import Begin
from tests.support.element import Element
from tests.support.installation import Installation
from tests.support.member import Line
from tests.support.synapse import Account
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
TRIES = 30


@pytest_asyncio.fixture
async def house(begin: Begin) -> Installation:
    """One that looks often whether somebody's keys changed."""
    return await begin(settings={"limits": {"key_fetch_seconds": 0.3}})


async def enter(house: Installation, element: Element, account: Account, code: str) -> Walker:
    member = await element.login(house.synapse.url, account.user_id, account.password)
    walker = await Walker.meet(member, house.keeper)
    await walker.join(code)
    return walker


async def answer_to_the_new_identity(walker: Walker, text: str) -> Line:
    """Say it until the keeper has seen the device's new signature, which comes after the key."""
    for _ in range(TRIES):
        line = await walker.ask(text)
        if "verif" not in line.body:
            return line
    raise AssertionError(f"still unsigned: {line.body}")


async def test_words_rest_after_a_reset_until_a_colleague_confirms(
    house: Installation, element: Element
) -> None:
    accounts = [await house.synapse.register_user(name) for name in ("mira", "jonas")]
    group = await house.new_group("WILLOW", *(account.user_id for account in accounts))
    entering = (enter(house, element, account, group["code"]) for account in accounts)
    mira, jonas = await asyncio.gather(*entering)
    assert "!sign" in (await mira.ask("!help", "notice")).body

    await mira.member.reset_identity(accounts[0].password)
    told = await jonas.hear("notice")
    assert told.encrypted
    assert f"!confirm {mira.member.user_id}" in told.body

    rests = await answer_to_the_new_identity(mira, "!help")
    assert (rests.kind, rests.shield) == ("refusal", "NONE")
    assert f"!confirm {mira.member.user_id}" in rests.body
    assert (await mira.ask("groups", "notice")).body.startswith("Your groups")
    own_word = await mira.ask(f"!confirm {mira.member.user_id}")
    assert own_word.kind == "refusal"

    await jonas.ask(f"!confirm {mira.member.user_id}", "notice")
    assert "talked with" in (await jonas.hear("notice")).body
    assert "counts now" in (await mira.hear("notice")).body
    assert "!sign" in (await mira.ask("!help", "notice")).body
