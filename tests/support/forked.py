"""The add-on in a process that is forked in a moment from one that has imported everything.

Its clock is the test's: the same beginning, moved by the same hand. It runs as `circlekeeper run`
does, but for three things that take long and touch nothing: Python's start, the thread between us
and SQLite, and the slow reader of YAML.
"""

import asyncio
import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from mmap import mmap
from multiprocessing import spawn
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiosqlite.core
import yaml

from appservice import main
from appservice.config.settings import Settings
from appservice.store import Generation, Store
from tests.support.touches import Touches

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.support.forked"])
PATIENCE = 60.0  # seconds; nothing healthy takes so long
MOST_DEATHS = 5  # an add-on that dies more often does not want to live
_PR_SET_PDEATHSIG = 1


class HandClock:
    """A clock that begins at a given moment, runs on, and can be moved; shared by a file."""

    def __init__(self, path: Path, begin: datetime) -> None:
        self.path = path
        self.begin = begin
        if not path.exists():
            path.write_bytes(struct.pack("<dd", time.monotonic(), 0.0))
        with path.open("r+b") as file:
            self._shared = mmap(file.fileno(), 16)

    def now(self) -> datetime:
        start, moved = struct.unpack("<dd", self._shared[:])
        return self.begin + timedelta(seconds=time.monotonic() - start + moved)

    def monotonic(self) -> float:
        return time.monotonic()

    def restart(self, moved: float) -> None:
        """Let it be `moved` seconds after the beginning now."""
        self._shared[:] = struct.pack("<dd", time.monotonic(), moved)

    def advance(self, **span: float) -> None:
        """Move on, in all processes at once."""
        start, moved = struct.unpack("<dd", self._shared[:])
        moved += timedelta(**span).total_seconds()
        self._shared[:] = struct.pack("<dd", start, moved)

    def __reduce__(self) -> tuple[Any, ...]:
        return HandClock, (self.path, self.begin)


class Forked:
    """The process alone, for any homeserver; `start` and `die` as often as a test likes."""

    def __init__(self, folder: Path, clock: HandClock, touches: Touches | None = None) -> None:
        self.folder = folder
        self.clock = clock
        self.touches = touches
        self.restarts = False  # whoever dies is started again
        self.deaths = 0
        self._process: Any = None
        self._ready = asyncio.Event()

    async def start(self) -> None:
        """Start, and wait until it is ready."""
        self.launch()
        await self.ready()

    def launch(self) -> None:
        """Start and do not wait."""
        ours, theirs = _forks.Pipe(duplex=False)
        self._ready.clear()
        arguments = (self.folder, self.clock, self.touches, theirs)
        self._process = _forks.Process(target=_live, args=arguments, daemon=True)
        with _without_main():
            self._process.start()
        theirs.close()
        loop = asyncio.get_running_loop()
        loop.add_reader(ours.fileno(), self._told, ours)
        loop.add_reader(self._process.sentinel, self._died, self._process)

    async def ready(self) -> None:
        """Wait until the add-on says that everything has started."""
        try:
            await asyncio.wait_for(self._ready.wait(), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"the add-on does not get ready:\n{self.log_end()}") from None

    async def die(self) -> None:
        """SIGKILL, and come back when it is dead; nobody starts it again."""
        self.restarts = False
        if self._process is not None:
            process, self._process = self._process, None
            asyncio.get_running_loop().remove_reader(process.sentinel)
            process.kill()
            process.join()
            process.close()
        self._ready.clear()

    def log_end(self) -> str:
        """The last that the add-on said."""
        log = self.folder / "run.log"
        return log.read_text()[-4000:] if log.exists() else "(it said nothing)"

    # -- events of the process

    def _told(self, pipe: Connection) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(pipe.fileno())
        with contextlib.suppress(EOFError):
            pipe.recv_bytes()
            self._ready.set()
        pipe.close()

    def _died(self, process: Any) -> None:
        asyncio.get_running_loop().remove_reader(process.sentinel)
        process.join()
        self.deaths += 1
        self._ready.clear()
        if process is self._process and self.restarts and self.deaths < MOST_DEATHS:
            process.close()
            self.launch()


# -- in the other process


def _live(folder: Path, clock: HandClock, touches: Touches | None, told: Connection) -> None:
    log = os.open(folder / "run.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # no test leaves one behind
    gc.freeze()  # what was imported is never garbage, and stays shared
    _hurry()
    if touches is not None:
        _count_commits(touches)
    asyncio.run(_run(folder, clock, lambda: told.send_bytes(b"ready")))


async def _run(folder: Path, clock: HandClock, on_ready: Callable[[], None]) -> None:
    settings = Settings.load(folder / "circlekeeper.yaml", {})
    async with AsyncExitStack() as stack:
        parts = await main.build(settings, clock, stack)
        await main._listen(parts, stack)
        await main._run(parts, on_ready)


class _AtOnce:
    """In place of the thread that waits for SQLite, and of the queue to it: no waiting at all."""

    def __init__(self, **_: Any) -> None:
        self.start = self.join = lambda: None

    def put_nowait(self, job: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = job
        try:
            result = function()
        except Exception as error:  # noqa: BLE001  it belongs to whoever asked
            if future is not None:
                future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


def _hurry() -> None:
    """Make what takes long and touches nothing quick: thousands of stories are to be told."""
    core: Any = aiosqlite.core
    core.SimpleQueue, core.Thread = _AtOnce, _AtOnce
    yaml.safe_load = partial(yaml.load, Loader=yaml.CSafeLoader)


def _count_commits(touches: Touches) -> None:
    """Let every commit that changes something, and the generation's file, count twice."""

    def strike(label: str) -> None:
        if touches.strike(label):
            os.kill(os.getpid(), signal.SIGKILL)

    ordinary = Store._transaction

    @asynccontextmanager
    async def counted(self: Store) -> AsyncIterator[Any]:
        async with ordinary(self) as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            before = raw.total_changes
            yield connection
            changed = raw.total_changes - before
            if changed:
                strike("before commit")
        if changed:
            strike("after commit")

    keep = Generation.keep

    def kept(self: Generation, number: int) -> None:
        strike("before generation")
        keep(self, number)
        strike("after generation")

    Store._transaction = counted  # type: ignore[method-assign]
    Generation.keep = kept  # type: ignore[method-assign]


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Let the new process not run the main program's file (pytest) once more."""
    ordinary = spawn.get_preparation_data

    def prepared(name: str) -> dict[str, Any]:
        return {k: v for k, v in ordinary(name).items() if not k.startswith("init_main")}

    spawn.get_preparation_data = prepared
    try:
        yield
    finally:
        spawn.get_preparation_data = ordinary
