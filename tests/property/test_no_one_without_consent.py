"""Whatever happens, nobody stays in a room without a consent that counts."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.crash.house import House
from tests.property.stub_town import StubTown
from tests.property.synapse_town import SynapseTown
from tests.property.town import ALLOWED, Town
from tests.property.whatever import Sequence, Whatever, sequences

BESIDE_STUB = 12  # sequences
ON_SYNAPSE, IN_A_SOAK = 16, 50
SHORT = 8  # steps of those
HOUSES = 2  # homeservers at work at a time
SEEN = 0.5  # a sequence has, on average, at least so many strangers for a moment

Whatever.TestCase.settings = settings(max_examples=500, stateful_step_count=30, deadline=None)
TestOnTheRules = Whatever.TestCase


@pytest.mark.timeout(900)
async def test_the_same_sequences_beside_a_stub_homeserver(tmp_path: Path) -> None:
    towns: list[Town] = []
    for sequence in sequences(BESIDE_STUB):
        folder = tmp_path / str(sequence.number)
        folder.mkdir()
        async with StubTown.founded(folder) as town:
            await _tell(town, sequence, town.living.log_end)
            towns.append(town)
    _report(towns)


@pytest.mark.synapse
@pytest.mark.timeout(900)
async def test_sequences_on_a_real_synapse(tmp_path: Path) -> None:
    await _on_synapse(tmp_path, ON_SYNAPSE)


@pytest.mark.soak
@pytest.mark.synapse
@pytest.mark.timeout(1800)
async def test_fifty_sequences_on_a_real_synapse(tmp_path: Path) -> None:
    await _on_synapse(tmp_path, IN_A_SOAK)


async def _on_synapse(tmp_path: Path, number: int) -> None:
    told = sequences(number, longest=SHORT)
    lists = [told[number::HOUSES] for number in range(HOUSES)]
    folders = [tmp_path / str(number) for number in range(HOUSES)]
    for folder in folders:
        folder.mkdir()
    towns = await asyncio.gather(*map(_in_one_house, folders, lists))
    _report([town for some in towns for town in some])


async def _in_one_house(folder: Path, told: list[Sequence]) -> list[Town]:
    towns: list[Town] = []
    async with House.open(folder, forked=True) as house:
        for sequence in told:
            town = await SynapseTown.founded(house)
            try:
                await _tell(town, sequence, house.log_end)
            finally:
                await town.close()
            towns.append(town)
    return towns


async def _tell(town: Town, sequence: Sequence, log_end: Callable[[], str]) -> None:
    begun = time.monotonic()
    try:
        await town.tell(sequence.steps)
    except (AssertionError, TimeoutError) as error:
        told = " · ".join(map(str, sequence.steps))
        text = f"sequence {sequence.number}: {told}\n{error!r}\n{log_end()}"
        raise AssertionError(text) from error
    if not town.up:
        await town.start()
    lasted = time.monotonic() - begun
    steps = len(sequence.steps)
    print(f"sequence {sequence.number}: {steps} steps, {town.seen} strangers, {lasted:.1f} s")


def _report(towns: list[Town]) -> None:
    longest = max(town.longest for town in towns)
    print(f"{len(towns)} sequences; a stranger was in for {longest:.2f} s at most")
    assert longest < ALLOWED
    assert sum(town.seen for town in towns) >= len(towns) * SEEN
