"""`group` and `parked` over a real database; a stand-in takes the part of `run`."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appservice.cli import group as group_commands
from appservice.cli.database import opened
from appservice.cli.founding import ROOMS, found
from appservice.cli.named import named
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.application import Code
from appservice.domain.charter import Charter
from appservice.domain.events import GroupAsked
from appservice.domain.group import Group
from appservice.domain.types import CauseId, GroupId, RoomId, Size, UserId
from appservice.errors import CirclekeeperError, ConfigurationError
from appservice.matrix.codes import draw_code
from appservice.ports import Arrival
from appservice.store import migrate

CLOCK = SystemClock()
WILLOW = Charter(
    name="WILLOW",
    title="t",
    purpose="p",
    for_whom="f",
    not_for_whom="n",
    what_happens="w",
    hours="h",
    zone="Europe/Berlin",
    language="en",
    country="DE",
    minimum_age=16,
    size=Size.STANDARD,
    federated=False,
    facilitators=(UserId("@a:circle.test"), UserId("@b:circle.test")),
    lead=None,
    rules=(),
    crisis_plan=(),
)


@pytest.fixture
async def settings(config) -> Settings:
    settings = Settings.load(config, {})
    await migrate(settings.database)
    return settings


async def make_groups(store, rooms=None) -> None:
    """Do what `run` does when a group is asked for: the group and its code first, then rooms."""
    while True:
        async with store.begin() as work:
            for arrival in await work.arrivals(CLOCK.now(), 10):
                asked = arrival.body
                assert isinstance(asked, GroupAsked)
                stage = "open" if asked.open else "draft"
                group = Group(asked.group, stage, asked.charter, asked.at)
                await work.put(group)
                await work.put(Code(asked.code, asked.group, asked.at))
                await work.finish(arrival.row)
            for group in await work.all(Group):
                wanted = ROOMS[group.charter.size] if rooms is None else rooms
                missing = [what for what in wanted if what not in group.rooms]
                if missing:
                    made = {**group.rooms, missing[0]: RoomId(f"!{missing[0]}")}
                    await work.put(replace(group, rooms=made))
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(settings, **options):
    async with opened(settings) as store:
        task = asyncio.create_task(make_groups(store, **options))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def asked(settings, charter=WILLOW, wait=20.0, *, at_once=True):
    async with opened(settings) as store:
        return await found(store, CLOCK, charter, wait, at_once=at_once)


@pytest.mark.parametrize("size", Size)
async def test_it_returns_when_all_rooms_are_made(settings, size):
    async with running(settings):
        founded = await asked(settings, replace(WILLOW, size=size))
    assert set(founded.group.rooms) == ROOMS[size]
    assert founded.group.stage == "open"
    assert founded.code.startswith("WILLOW-")


async def test_without_open_it_is_a_draft(settings):
    async with running(settings):
        assert (await asked(settings, at_once=False)).group.stage == "draft"


async def test_if_nobody_runs_it_is_kept_for_later(settings):
    with pytest.raises(CirclekeeperError, match="is not running; the group will be made"):
        await asked(settings, wait=0.3)
    async with running(settings), opened(settings) as store, asyncio.timeout(20):
        groups = []
        while not groups:
            async with store.begin() as work:
                groups = await work.all(Group)
    assert [group.charter.name for group in groups] == ["WILLOW"]


async def test_if_rooms_are_late_it_says_so(settings):
    async with running(settings, rooms=()):
        with pytest.raises(CirclekeeperError, match="rooms are not all made yet"):
            await asked(settings, wait=2)


async def test_two_open_groups_never_have_the_same_name(settings):
    async with running(settings):
        first = await asked(settings)
        with pytest.raises(CirclekeeperError, match="WILLOW already"):
            await asked(settings, replace(WILLOW, name="Willow"))
        async with opened(settings) as store, store.begin() as work:
            await work.put(replace(first.group, stage="closed"))
        again = await asked(settings)
    assert again.group.id != first.group.id


async def test_before_the_first_run_there_is_no_database(config):
    with pytest.raises(ConfigurationError, match="no database"):
        await asked(Settings.load(config, {}))
    assert not (config.parent / "circlekeeper.db").exists()


async def test_list_and_show(settings, config):
    async with running(settings):
        founded = await asked(settings)
    (view,) = await group_commands._views(settings)
    assert named([view.group], "willow") == view.group
    assert named([view.group], founded.group.id) == view.group
    assert view.short() == {
        "group": founded.group.id,
        "name": "WILLOW",
        "stage": "open",
        "size": "standard",
        "members": 0,
    }
    whole = view.whole()
    assert whole["codes"] == [founded.code]
    assert whole["rooms"] == {what.value: f"!{what}" for what in ROOMS[Size.STANDARD]}
    assert whole["facilitators"] == list(WILLOW.facilitators)


def test_empty_lists_are_json_too(command, config):
    assert command("migrate", "--config", str(config), "--json").data == {"migrated": True}
    for words in (("group", "list"), ("parked", "list")):
        assert command(*words, "--config", str(config), "--json").data == []
        assert command(*words, "--config", str(config)).out.count("\n") == 1
    with pytest.raises(CirclekeeperError, match="no group of that name"):
        command("group", "show", "WILLOW", "--config", str(config))


async def park(config) -> None:
    """Let two events of ours fail for good."""
    async with opened(Settings.load(config, {})) as store, store.begin() as work:
        events = [
            GroupAsked(GroupId(f"g{n}"), WILLOW, "C", open=True, at=datetime.now(UTC))
            for n in (1, 2)
        ]
        await work.accept(
            [Arrival(CauseId(e.group), e.group, "event", e, datetime.now(UTC)) for e in events]
        )
        for arrival in await work.arrivals(datetime.now(UTC), 10):
            await work.park_arrival(arrival.row, "M_FORBIDDEN")


def test_parked_work_is_shown_tried_again_or_dropped(command, config):
    options = ("--config", str(config), "--json")
    command("migrate", *options)
    asyncio.run(park(config))
    first, second = command("parked", "list", *options).data
    assert (first["box"], first["what"], first["reason"]) == ("inbox", "GroupAsked", "M_FORBIDDEN")
    with pytest.raises(CirclekeeperError, match="nonsense; nothing was changed"):
        command("parked", "drop", first["id"], "nonsense", *options)
    assert len(command("parked", "list", *options).data) == 2
    assert command("parked", "retry", first["id"], *options).data == {"retried": [first["id"]]}
    assert command("parked", "drop", second["id"], *options).data == {"dropped": [second["id"]]}
    assert command("parked", "list", *options).data == []


def test_codes_are_random_and_hard_to_misread():
    codes = {draw_code("Old Oak") for _ in range(200)}
    assert len(codes) > 195
    for code in codes:
        name, _, drawn = code.partition("-")
        assert name == "OLDOAK"
        assert len(drawn) >= 4
        assert not set(drawn) & set("01ILO")
