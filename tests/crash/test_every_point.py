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
LEAST = 400  # touches; a story of fewer would not be this one
Json = dict[str, Any]


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_the_story_ends_the_same_whichever_touch_was_the_last() -> None:
    folder = Path(tempfile.mkdtemp(prefix="circlekeeper-crash-", dir=MEMORY))
    try:
        told = await asyncio.gather(*(_explore(folder, part) for part in range(WORKERS)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    points = [point for lines in told for point in lines if "point" in point]
    calm = {line["step"]: line["labels"] for lines in told for line in lines if "labels" in line}

    failed = [point for point in points if _failed(point)]
    assert not failed, "\n\n".join(
        [f"{len(failed)} of {len(points)} points:", *(_readable(point) for point in failed[:5])]
    )
    assert len(points) >= LEAST
    # Tasks do not interleave the same in every telling, so a point may come one touch later; but
    # each kind of touch has to be a last one, and all but a few points must have been reached.
    struck = {_kind(point["label"]) for point in points if point["deaths"] == 1}
    assert struck >= {_kind(label) for labels in calm.values() for label in labels}
    deaths = Counter(point["deaths"] for point in points)
    assert set(deaths) <= {0, 1}
    assert deaths[0] <= len(points) / 50, f"never struck: {deaths}"


async def _explore(folder: Path, part: int) -> list[Json]:
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
    if "labels" in last:
        done = sum("point" in line for line in lines)
        name = STEPS[last["step"]].__name__
        print(f"worker {part}: {done} points; now {name}, {len(last['labels'])} touches")


def _kind(label: str) -> str:
    """What was touched, be it before or after."""
    return label.partition(" ")[2]


def _failed(point: Json) -> bool:
    wrong = ("error", "difference", "repetitions", "unreadable")
    return any(point.get(name) for name in wrong)


def _readable(point: Json) -> str:
    name = STEPS[point["step"]].__name__
    lines = [f"step {name}, touch {point['point']} ({point['label']}):"]
    lines += [
        f"  {text}" for text in (*point.get("repetitions", ()), *point.get("unreadable", ()))
    ]
    lines += [point.get("error", ""), point.get("difference", "")[:6000]]
    return "\n".join(line for line in lines if line)
