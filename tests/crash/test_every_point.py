"""SIGKILL before and after every touch of the outside, and the story ends the same each time."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.crash.story import STEPS

WORKERS = max(2, os.cpu_count() or 2)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
ROOT = Path(__file__).parents[2]
SPARED = 1 / 50
LEAST = 400  # touches; a story of fewer would not be this one
Json = dict[str, Any]


@pytest.mark.timeout(1800)
async def test_the_story_goes_on_the_same_whichever_touch_was_the_last() -> None:
    await _all_end_as_the_calm_story(whole=41, every=7)


@pytest.mark.soak
@pytest.mark.timeout(2 * 3600)
async def test_the_story_ends_the_same_whichever_touch_was_the_last() -> None:
    await _all_end_as_the_calm_story(whole=1, every=1)


async def _all_end_as_the_calm_story(whole: int, every: int) -> None:
    """One point in `whole` is told to the story's end, the others for one more step.

    `every`: of points that come again in a step, one in so many is told.
    """
    folder = Path(tempfile.mkdtemp(prefix="circlekeeper-crash-", dir=MEMORY))
    try:
        told = await asyncio.gather(
            *(_explore(folder, part, whole, every) for part in range(WORKERS))
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = [line for part in told for line in part]
    points = [line for line in lines if "point" in line]
    calm = {line["step"]: line["points"] for line in lines if "points" in line}

    failed = [point for point in points if _failed(point)]
    assert not failed, "\n\n".join(
        [f"{len(failed)} of {len(points)} points:", *(_readable(point) for point in failed[:5])]
    )
    assert sum(len(touched) for touched in calm.values()) >= LEAST
    # a telling may do without a touch (a second look at keys, say); all but one in fifty must
    # have been a last one, of points as of kinds (before each and after each counted apart)
    deaths = Counter(point["deaths"] for point in points)
    assert set(deaths) <= {0, 1}
    assert deaths[0] <= len(points) * SPARED, f"never struck: {deaths}"
    kinds = {label for touched in calm.values() for label, _ in touched}
    never = kinds - {point["point"][0] for point in points if point["deaths"] == 1}
    assert len(never) <= len(kinds) * SPARED, f"never struck: {sorted(never)}"
    print(f"{len(points)} points, {deaths[1]} deaths; {len(kinds)} kinds, never: {sorted(never)}")


async def _explore(folder: Path, part: int, whole: int, every: int) -> list[Json]:
    """Run one worker; its lines."""
    own = folder / str(part)
    own.mkdir()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.crash.explore",
        str(own),
        str(part),
        str(WORKERS),
        str(whole),
        str(every),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    lines: list[Json] = []
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            lines.append(json.loads(line))
            _progress(part, lines)
        assert await process.wait() == 0, "the worker failed; its words stand above"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert lines[-1] == {"done": True}
    return lines


def _progress(part: int, lines: list[Json]) -> None:
    last = lines[-1]
    if "points" in last:
        done = sum("point" in line for line in lines)
        name = STEPS[last["step"]].__name__
        print(f"worker {part}: {done} points; now {name}, {len(last['points'])} touches")


def _failed(point: Json) -> bool:
    wrong = ("error", "difference", "repetitions", "unreadable")
    return any(point.get(name) for name in wrong)


def _readable(point: Json) -> str:
    name = STEPS[point["step"]].__name__
    label, nth = point["point"]
    lines = [f"step {name}, {label}, time {nth}:"]
    lines += [
        f"  {text}" for text in (*point.get("repetitions", ()), *point.get("unreadable", ()))
    ]
    lines += [point.get("error", ""), point.get("difference", "")[:6000]]
    return "\n".join(line for line in lines if line)
