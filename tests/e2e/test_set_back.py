"""A running Circlekeeper counts; an older database ends it, and the next start knows."""

import pytest

from appservice.store import Generation
from tests.e2e.conftest import Begin
from tests.support.process import ended

pytestmark = pytest.mark.synapse


async def test_a_database_set_back_under_a_running_keeper_ends_it(begin: Begin) -> None:
    house = await begin(settings={"limits": {"key_fetch_seconds": 0.3}})
    generation = Generation(house.folder / "generation")
    generation.keep(generation.number() + 1000)  # as if the database were one of last week
    assert await ended(house.process, 10)
    assert house.process.returncode != 0
    assert "the database was set back while running; start again" in house.log_end()
    assert "Traceback" not in house.log_end()
    await house.run()
    assert "database_was_restored" in house.log_end()


async def test_a_copy_made_while_it_ran_is_older_than_a_clean_stop(begin: Begin) -> None:
    house = await begin(settings={"limits": {"key_fetch_seconds": 3600}})
    generation = Generation(house.folder / "generation")
    while_it_ran = generation.number()
    await house.stop()
    assert generation.restored(while_it_ran)
