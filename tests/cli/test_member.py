"""`member` over a real database; a stand-in takes the part of `run`."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from appservice.cli import member
from appservice.cli.database import opened
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.entries import Entry, Erasure
from appservice.domain.events import ErasureAsked
from appservice.domain.group import Decision, Group
from appservice.domain.person import Person
from appservice.domain.records import Consent, Room
from appservice.domain.types import RoomKind, UserId
from appservice.errors import CirclekeeperError
from appservice.store import migrate
from tests.cli.test_founding import WILLOW

CLOCK = SystemClock()
EVE, ADA = UserId("@eve:circle.test"), WILLOW.facilitators[0]


@pytest.fixture
async def settings(config) -> Settings:
    return await filled(config)


async def filled(config) -> Settings:
    settings = Settings.load(config, {})
    await migrate(settings.database)
    async with opened(settings) as store, store.begin() as work:
        now = CLOCK.now()
        await work.put(Group("g", "open", WILLOW, now, signed=(ADA,)))
        await work.put(Person(EVE, language="de", chat="!chat"))
        await work.put(
            Room("!chat", RoomKind.CHAT, None, EVE, encrypted=True, members=(EVE, "@third:x"))
        )
        await work.put(
            Consent(EVE, "g", now, "de", "1.0.0", "h", "I agree", "$1", "yes", "$2", 18)
        )
        await work.append(Entry(EVE, "g", "rules", given=True, at=now, language="de"))
    return settings


async def test_export_tells_everything_and_nobody_else(settings):
    about = await member._about(settings, EVE)
    assert [record["kind"] for record in about["records"]] == ["consent", "person", "room"]
    assert about["records"][0]["rules_statement"] == "I agree"
    assert about["agreements"][0]["subject"] == "rules"
    assert about["groups"] == []
    assert "@third:x" not in str(about)
    lines = member._lines(about)
    assert lines[0] == EVE
    assert any("language de" in line for line in lines)


async def test_a_facilitator_is_told_where_a_group_names_them(settings):
    about = await member._about(settings, ADA)
    assert about["groups"] == [
        {"group": "g", "name": "WILLOW", "named_as": ["facilitator", "signed"]}
    ]


async def test_every_other_place_where_a_group_names_them_is_told_too(settings):
    async with opened(settings) as store, store.begin() as work:
        group = await work.get(Group, "g")
        charter = replace(group.charter, greeters=(EVE,), tech_hosts=(EVE,))
        decided = (Decision(1, "accepted", UserId("@zoe:circle.test"), CLOCK.now()),)
        await work.put(replace(group, charter=charter, decisions=decided))
    for user, places in ((EVE, ["greeter", "tech_host"]), ("@zoe:circle.test", ["elsewhere"])):
        (named,) = (await member._about(settings, UserId(user)))["groups"]
        assert named["named_as"] == places


def test_export_prints_json(command, config):
    asyncio.run(filled(config))
    answer = command("member", "export", EVE, "--config", str(config), "--json")
    assert answer.data["user"] == EVE


async def test_of_whom_nothing_is_kept_that_is_said(settings):
    with pytest.raises(CirclekeeperError, match="nothing is kept"):
        await member._about(settings, UserId("@nobody:x"))
    with pytest.raises(CirclekeeperError, match="nothing is kept"):
        await member._erase(settings, UserId("@nobody:x"), 1)


def test_without_yes_nothing_is_erased(process, config):
    answer = process("member", "erase", EVE, "--config", str(config))
    assert (answer.code, answer.out) == (1, "")
    assert "--yes" in answer.err
    assert process("member", "erase", "eve", "--config", str(config)).code == 2


async def forgets(store) -> None:
    """Do what `run` does."""
    while True:
        async with store.begin() as work:
            for arrival in await work.arrivals(CLOCK.now(), 9):
                assert isinstance(arrival.body, ErasureAsked)
                await work.finish(arrival.row)
                await work.erase(Erasure(arrival.body.user))
                await work.forget_person(arrival.body.user, ())
        await asyncio.sleep(0.02)


async def test_erase_waits_until_run_has_done_it(settings):
    async with opened(settings) as store:
        task = asyncio.create_task(forgets(store))
        await member._erase(settings, EVE, 20)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        async with store.begin() as work:
            assert await work.get(Person, EVE) is None


async def test_without_run_it_is_asked_for_all_the_same(settings):
    with pytest.raises(CirclekeeperError, match="as soon as it runs"):
        await member._erase(settings, EVE, 0)
    async with opened(settings) as store, store.begin() as work:
        (arrival,) = await work.arrivals(CLOCK.now(), 9)
    assert arrival.body == ErasureAsked(EVE)


async def test_whoever_only_a_group_names_can_be_erased(settings):
    with pytest.raises(CirclekeeperError, match="as soon as it runs"):
        await member._erase(settings, ADA, 0)
