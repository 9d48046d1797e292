"""The database is set back to yesterday: keys that the homeserver saw since are no trap."""

import shutil
from contextlib import AsyncExitStack
from pathlib import Path

from appservice import main
from appservice.clock import SystemClock
from appservice.config.settings import Settings
from tests.property.step import Step
from tests.property.stub_town import StubTown
from tests.support.living import Living
from tests.support.stub_homeserver import StubHomeserver


async def test_a_restored_addon_starts_and_hears_again(tmp_path: Path) -> None:
    steps = (
        Step("backup"),
        *(Step("walk", name) for name in ("ada", "ben")),
        Step("restore"),
        Step("walk", "mei"),  # takes a one-time key; the next ones have numbers that were used
        Step("restart"),
        Step("walk", "zoe"),
        Step("restart"),
    )
    async with StubTown.founded(tmp_path) as town:
        await town.tell(steps)
        joined = set(town.stub.rooms[town.rooms["circle"]].joined())
        log = (town.folder / "run.log").read_text()
        heard = {
            name: [line.body for line in town._walkers[name].lines_of_keeper()]
            for name in ("ada", "ben")
        }
    # ada and ben are not known any more, and are given time; nobody is taken out
    assert {town.user(name) for name in ("ada", "ben", "mei", "zoe")} <= joined
    assert "database_was_restored" in log
    assert "refuses" not in log
    for name, lines in heard.items():  # though the copy does not know their chats
        assert len([line for line in lines if "older copy" in line]) == 1, name
        assert any("I hold no yes from you" in line for line in lines), name


async def test_a_start_that_dies_as_soon_as_it_has_noticed_leaves_the_rest_to_the_next(
    tmp_path: Path,
) -> None:
    async with StubHomeserver() as stub:
        Living(stub, tmp_path, SystemClock()).install()
    settings = Settings.load(tmp_path / "circlekeeper.yaml", {})
    database = tmp_path / "circlekeeper.db"

    async def start() -> bool:
        """Come as far as `build` does, and die."""
        async with AsyncExitStack() as stack:
            return (await main.build(settings, SystemClock(), stack)).known.restored

    assert not await start()
    backup = shutil.copy(database, tmp_path / "backup")
    assert not await start()
    shutil.copy(backup, database)
    assert [await start(), await start()] == [True, True]
