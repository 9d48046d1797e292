"""Tells the story again and again, with a death at each touch; run by test_every_point.

    python -m tests.crash.explore FOLDER PART OF WHOLE

The story is told step by step. Before each step the whole world is kept: this process by fork,
the add-on's folder by a copy. From there one child tells the rest calmly, and then one child
for each touch of that step tells it with a SIGKILL there. One line of JSON is written for each.
"""

import asyncio
import gc
import json
import multiprocessing.forkserver
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.crash.outcome import difference, outcome, repetitions, unreadable
from tests.crash.story import STEPS, World
from tests.support.forked import HandClock
from tests.support.living import Living
from tests.support.stub_homeserver import StubHomeserver
from tests.support.touches import Point, Touches

Json = dict[str, Any]
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = 2.0  # of story time for each step, so that texts with a time in them are the same


def explore(folder: Path, part: int, of: int, whole: int, every: int) -> None:
    """Tell one of `of` shares of the points.

    Of each name in each step the first, and one in `every` of the others; one point in `whole` to
    the end of the story, the others for one more step.
    """
    _quiet_forks()
    world = asyncio.run(_new_world(folder))
    for index in range(len(STEPS)):
        calm = _in_child(partial(_tell, world, index))
        if "error" in calm:
            raise SystemExit(f"the calm story fails at step {index}:\n{calm['error']}")
        points = [Point(*point) for point in calm["points"]]
        print(json.dumps({"step": index, "points": points}), flush=True)
        for number, point in enumerate(points):
            if _share(point, of) == part and (point.nth == 1 or _is_among(point, every)):
                ends = len(STEPS) if number % whole == 0 else index + 2
                told = _in_child(partial(_tell, world, index, point, ends))
                _compare(calm, told)
                print(json.dumps({"step": index, "point": point, **told}), flush=True)
        asyncio.run(_advance(world, index))
    print(json.dumps({"done": True}), flush=True)


def _share(point: Point, of: int) -> int:
    """By name, not by place: places differ between workers, and a point could fall to nobody."""
    return crc32(repr(point).encode()) % of


def _is_among(point: Point, every: int) -> bool:
    """By name too, and apart from the shares."""
    return crc32(f"{point}".encode()) // 64 % every == 0


async def _new_world(folder: Path) -> World:
    clock = HandClock(folder / "clock", BEGIN)
    stub = StubHomeserver(clock)
    living = Living(stub, folder / "kept", clock, touches=Touches(folder / "touches"))
    async with stub:
        (folder / "kept").mkdir()
        living.install()
    return World(stub, living)


async def _tell(
    world: World, index: int, target: Point | None = None, ends: int = len(STEPS)
) -> Json:
    """Tell the steps from `index` until `ends`, with a death at a touch of the first."""
    outcomes = []
    try:
        _copy(world)
        await _open(world, index, target)
        for number, step in enumerate(STEPS[index:ends]):
            await step(world)
            await world.settle()
            outcomes.append(outcome(world.stub, world.members))
            if number == 0:
                points = world.living.touches.points()
        return {
            "points": points,
            "outcomes": outcomes,
            "deaths": world.living.deaths,
            "repetitions": repetitions(world.members),
            "unreadable": unreadable(world.members),
        }
    except Exception:  # noqa: BLE001  told with the point it happened at
        error = traceback.format_exc(limit=6)
        return {"error": f"{error}\n{world.living.log_end()}", "deaths": world.living.deaths}
    finally:
        await _close(world)


def _compare(calm: Json, told: Json) -> None:
    """Hold the last step that was told against the calm story's same step."""
    told.pop("points", None)
    outcomes = told.pop("outcomes", None)
    if outcomes:
        told["steps"] = len(outcomes)
        told["difference"] = difference(calm["outcomes"][len(outcomes) - 1], outcomes[-1])


async def _advance(world: World, index: int) -> None:
    """Tell one step calmly, and keep what came of it."""
    _copy(world)
    await _open(world, index)
    await STEPS[index](world)
    await world.settle()
    await _close(world)
    kept = world.living.folder.with_name("kept")
    shutil.rmtree(kept)
    world.living.folder.rename(kept)


def _copy(world: World) -> None:
    living = world.living
    kept = living.folder.with_name("kept")
    living.folder = living.folder.with_name("now")
    shutil.rmtree(living.folder, ignore_errors=True)
    shutil.copytree(kept, living.folder)


async def _open(world: World, index: int, target: Point | None = None) -> None:
    """Let stub, members and add-on live again, in this process and its event loop."""
    world.stub.core._changed = asyncio.Event()
    pusher = world.stub.pusher
    pusher._wake, pusher._idle, pusher._open = (asyncio.Event() for _ in range(3))
    pusher._idle.set()
    pusher._open.set()
    living = world.living
    living._ready = asyncio.Event()
    living.restarts, living.deaths = True, 0
    touches = living.touches = Touches(living.touches.path, target)
    living.clock.restart(SECONDS * index)
    await world.stub.start()
    for member in world.members.values():
        member._news = asyncio.Event()
        member.listen()
    if index > 0:
        touches.rest()
        await living.start()
        await world.settle()
    touches.arm()
    if index == 0:
        living.launch()


async def _close(world: World) -> None:
    for member in world.members.values():
        await member.stop()
    await world.living.stop()
    await world.stub.stop()


def _in_child(telling: Callable[[], Coroutine[None, None, Json]]) -> Json:
    """Tell in a fork of this process, with all its memory, and return what came of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            said = json.dumps(asyncio.run(telling()))
        except BaseException:  # noqa: BLE001  there is nobody else to tell
            said = json.dumps({"error": traceback.format_exc(), "deaths": 0})
        with os.fdopen(writing, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return json.loads(said)


def _quiet_forks() -> None:
    """Start the server that forks add-ons, once; children of ours use it as it is."""
    server: Any = multiprocessing.forkserver._forkserver
    server.ensure_running()
    server.ensure_running = lambda: None
    gc.freeze()


if __name__ == "__main__":
    where, *numbers = sys.argv[1:]
    explore(Path(where), *map(int, numbers))
