"""The add-on beside a stub homeserver, installed, started, and killed at will.

async with StubHomeserver(clock) as stub:
living = Living(stub, folder, clock)
living.install()                # what `circlekeeper init` writes
await living.start()
...
living.kill()                   # SIGKILL: nothing more happens, not even a commit
"""

import asyncio
import contextlib
import os
import re
import resource
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from appservice import main
from appservice.cli.app import app
from appservice.config.settings import Settings
from appservice.domain.events import Event
from appservice.domain.types import CauseId
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from appservice.store import Store
from tests.support.forked import PATIENCE, Forked, HandClock
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import StubHomeserver, Touch
from tests.support.touches import Touches

LOOK_EVERY = 0.01


class Living(Forked):
    """One installation. Who is killed is started again, unless `restarts` says no."""

    def __init__(
        self,
        stub: StubHomeserver,
        folder: Path,
        clock: HandClock,
        *,
        touches: Touches | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(folder, clock, touches)
        self.stub = stub
        self.port = port or reserve_port()
        self.restarts = True
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

    def kill(self) -> None:
        """SIGKILL and wait: from here on nothing more happens in there."""
        if self._process is not None and self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def full_disk(self, size: int | None) -> None:
        """Let no file of the add-on be written beyond this many bytes; None: there is room."""
        assert self._process is not None
        pid = self._process.pid
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))

    async def stop(self) -> None:
        """End it for good."""
        await self.die()
        if self.touches is not None:
            self.touches.close()

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
    path = re.sub(r"/[a-z2-7]{26}$", "/*", path)  # an effect id as transaction id
    return re.sub(r"/(?:[!$@#%]|[^/]*[0-9A-Z])[^/]{3,}", "/*", path)
