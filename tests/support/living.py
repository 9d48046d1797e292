"""The add-on beside a stub homeserver: a process of its own, forked in a moment, killed at will.

    async with StubHomeserver(clock) as stub:
        living = Living(stub, folder, clock)
        living.install()                # what `circlekeeper init` writes
        await living.start()
        ...
        living.kill()                   # SIGKILL: nothing more happens, not even a commit
        await living.start()

The process is forked from one that has imported everything, so that a start takes no second. Its
clock is the test's: the same beginning, moved by the same hand.
"""

import asyncio
import contextlib
import ctypes
import multiprocessing
import os
import re
import signal
import sqlite3
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from mmap import mmap
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import aiosqlite.core
import yaml
from typer.testing import CliRunner

from appservice import main
from appservice.cli.app import app
from appservice.config.settings import Settings
from appservice.domain.events import Event
from appservice.domain.types import CauseId
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from appservice.store import Generation, Store
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import StubHomeserver, Touch
from tests.support.touches import Touches

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.support.living"])
PATIENCE = 60.0  # seconds; nothing healthy takes so long
LOOK_EVERY = 0.02
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


class Strikes(Protocol):
    """What counts touches."""

    def strike(self, label: str) -> bool: ...


class Living:
    """One installation; `start` and `kill` as often as a test likes."""

    def __init__(
        self,
        stub: StubHomeserver,
        folder: Path,
        clock: HandClock,
        *,
        touches: Touches | None = None,
        port: int = 0,
    ) -> None:
        self.stub = stub
        self.folder = folder
        self.clock = clock
        self.touches = touches
        self.port = port or reserve_port()
        self.restarts = True  # whoever dies is started again
        self.deaths = 0
        self._process: Any = None
        self._ready = asyncio.Event()
        if touches is not None:
            stub.before, stub.after = self._before, self._after

    # -- life

    def install(self, **settings: Any) -> None:
        """Write what `circlekeeper init` writes, and give the stub the registration."""
        options = {
            "--homeserver": self.stub.url,
            "--server-name": self.stub.server_name,
            "--listen": f"127.0.0.1:{self.port}",
            "--dir": str(self.folder),
        }
        flat = [part for option in options.items() for part in option]
        made = CliRunner().invoke(app, ["init", *flat, "--yes"])
        assert made.exit_code == 0, made.output
        config = self.folder / "circlekeeper.yaml"
        config.write_text(yaml.safe_dump(yaml.safe_load(config.read_text()) | settings))
        self.register()

    def register(self) -> None:
        """Let the stub load our registration."""
        self.stub.load(yaml.safe_load((self.folder / "registration.yaml").read_text()))

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

    def kill(self) -> None:
        """SIGKILL and wait: from here on nothing more happens in there."""
        if self._process is not None and self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End it for good."""
        self.restarts = False
        if self._process is not None:
            process, self._process = self._process, None
            with contextlib.suppress(Exception):
                asyncio.get_running_loop().remove_reader(process.sentinel)
            process.kill()
            process.join()
            process.close()
        if self.touches is not None:
            self.touches.close()

    def log_end(self) -> str:
        """The last that the add-on said."""
        log = self.folder / "run.log"
        return log.read_text()[-4000:] if log.exists() else "(it said nothing)"

    # -- from outside, as the command line does

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """The add-on's database, opened by another process."""
        settings = Settings.load(self.folder / "circlekeeper.yaml", {})
        store = await main.open_store(settings, self.clock)
        try:
            yield store
        finally:
            await store.close()

    async def happen(self, event: Event, cause: str) -> None:
        """Write an event into the inbox, as `circlekeeper group new` does."""
        arrival = Arrival(CauseId(cause), lane_of_event(event), "event", event, self.clock.now())
        async with self.store() as store, store.begin() as work:
            await work.accept([arrival])

    async def at_rest(self, patience: float = PATIENCE) -> None:
        """Wait until everything was delivered, handled and carried out; nothing may be parked."""
        deadline = time.monotonic() + patience
        quiet = 0
        while quiet < 2:
            if time.monotonic() > deadline:
                raise AssertionError(f"no rest: {self.open_rows()}\n{self.log_end()}")
            at_rest = self.stub.pusher._idle.is_set() and not self.open_rows()
            quiet = quiet + 1 if at_rest and self._ready.is_set() else 0
            await asyncio.sleep(LOOK_EVERY)
        parked = self.open_rows("parked")
        assert not parked, f"parked: {parked}\n{self.log_end()}"

    def open_rows(self, *states: str) -> list[tuple[str, ...]]:
        """The rows of inbox and outbox in these states (those not finished, by default)."""
        chosen = states or ("new", "aside")
        places = ",".join("?" * len(chosen))
        asking = " UNION ALL ".join(
            f"SELECT '{box}', name, state, attempts, reason FROM {box}"
            f" WHERE lane IS NOT NULL AND state IN ({places})"
            for box in ("inbox", "outbox")
        )
        uri = f"file:{self.folder / 'circlekeeper.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute(asking, chosen * 2).fetchall()

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

    # -- touches

    def _before(self, touch: Touch) -> None:
        self._strike("before", touch)

    def _after(self, touch: Touch) -> None:
        self._strike("after", touch)

    def _strike(self, when: str, touch: Touch) -> None:
        assert self.touches is not None
        if self.touches.strike(f"{when} {touch.method} {_named(touch.path)}"):
            self.kill()
            raise ConnectionResetError


def _named(path: str) -> str:
    """A path without what differs from one run to the next."""
    path = path.replace("/_matrix/client/v3", "")
    return re.sub(r"/(?:[!$@#%]|[^/]*[0-9A-Z])[^/]{3,}", "/*", path)


# -- in the other process


def _live(folder: Path, clock: HandClock, touches: Touches | None, told: Connection) -> None:
    log = os.open(folder / "run.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # no test leaves one behind
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
                strike(f"before commit of {changed}")
        if changed:
            strike(f"after commit of {changed}")

    keep = Generation.keep

    def kept(self: Generation, number: int) -> None:
        strike("before generation")
        keep(self, number)
        strike("after generation")

    Store._transaction = counted  # type: ignore[method-assign]
    Generation.keep = kept  # type: ignore[method-assign]
