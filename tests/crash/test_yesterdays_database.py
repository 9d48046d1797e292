"""The database is set back to yesterday: keys that the homeserver saw since are no trap."""

from pathlib import Path

from tests.property.step import Step
from tests.property.stub_town import StubTown


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
    # ada and ben are not known any more, and are given time; nobody is taken out
    assert {town.user(name) for name in ("ada", "ben", "mei", "zoe")} <= joined
    assert "database_was_restored" in log
    assert "refuses" not in log
