"""SIGKILL on a real Synapse: ours and Synapse's own process in turn, at sampled touches."""

import asyncio
import random
from itertools import islice
from pathlib import Path

import pytest

from tests.crash.evening import Evening, Json
from tests.crash.house import House
from tests.crash.outcome import difference
from tests.support.crash_proxy import Kill

pytestmark = [pytest.mark.synapse, pytest.mark.timeout(3600)]
SEED = 20261123
SAMPLED = 40
HOUSES = 2  # homeservers at work at a time
STRUCK = 0.9  # of all points must really have killed; the last few may come a touch too late
ROUNDS = 5  # of drawing others for those that came too late


async def test_forty_sampled_points_end_as_the_calm_evening(tmp_path: Path) -> None:
    await asyncio.gather(*(_sampled(tmp_path / str(part), part) for part in range(HOUSES)))


async def _sampled(folder: Path, part: int) -> None:
    """One house tells its share; in it, ours and Synapse die in turn."""
    wanted, struck = SAMPLED // HOUSES, 0
    async with House.open(folder) as house:
        calm, touches = await _calm(house)
        drawn = iter(random.Random(SEED + part).sample(range(1, touches + 1), touches))
        for _ in range(ROUNDS):
            struck += await _all_end_as(calm, house, list(islice(drawn, wanted - struck)))
    assert struck == wanted


@pytest.mark.soak
@pytest.mark.timeout(12 * 3600)
async def test_every_point_ends_as_the_calm_evening(tmp_path: Path) -> None:
    async with House.open(tmp_path) as house:
        calm, touches = await _calm(house)
        for first_synapse in (False, True):
            points = list(range(1, touches + 1))
            struck = await _all_end_as(calm, house, points, first_synapse=first_synapse)
            assert struck >= len(points) * STRUCK


async def _calm(house: House) -> tuple[Json, int]:
    """Tell the evening calmly, once more than needed: the first one sets things up."""
    await _tell(house)
    calm = await _tell(house)
    assert not calm["repetitions"]
    assert not calm["unreadable"]
    return calm, len(house.proxy.touches)


async def _all_end_as(
    calm: Json, house: House, points: list[int], *, first_synapse: bool = False
) -> int:
    """Return how many of the points really killed; a telling may be over before."""
    failed, struck = [], 0
    for turn, point in enumerate(points):
        synapse = (turn % 2 == 1) != first_synapse
        kill = house.kill_synapse if synapse else house.kill_ours
        differs = await _difference(calm, house, point, kill)
        told = f"point {point} ({'Synapse' if synapse else 'ours'}: {house.proxy.struck})"
        print(f"{turn + 1} of {len(points)}: {told}{': FAILED' if differs else ''}")
        struck += house.proxy.struck is not None
        if differs:
            failed.append(f"{told}\n{differs[:6000]}")
    assert not failed, f"{len(failed)} of {len(points)}\n\n" + "\n\n".join(failed[:5])
    return struck


async def _difference(calm: Json, house: House, point: int, kill: Kill) -> str:
    try:
        return difference(calm, await _tell(house, point, kill))
    except AssertionError as error:  # the story did not go on
        await house.mended()
        return f"the story stopped: {error}"


async def _tell(house: House, point: int = 0, kill: Kill | None = None) -> Json:
    ada = await house.enter("ada")
    try:
        house.proxy.arm(point, kill)
        return await Evening(house, ada).tell()
    finally:
        await ada.stop()
        house.proxy.disarm()
