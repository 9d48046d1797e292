"""One installation beside a real Synapse with the crash proxy between, for many stories."""

import asyncio
import contextlib
import itertools
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import yaml

from appservice import main
from appservice.charter_file import read_charter
from appservice.clock import SystemClock
from appservice.config.settings import Settings
from appservice.domain.events import GroupAsked
from appservice.domain.group import Group
from appservice.domain.types import CauseId, GroupId, RoomKind, Size, UserId, derive
from appservice.matrix.codes import draw_code
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from tests.crash.story import EXAMPLE
from tests.support.crash_proxy import CrashProxy
from tests.support.forked import Forked, HandClock
from tests.support.installation import Installation
from tests.support.nio_member import NioMember
from tests.support.synapse import Account, Synapse

PATIENCE = 60.0
LOOK_EVERY = 0.05
ROOMS = frozenset({RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS})
T = TypeVar("T")
_numbers = itertools.count(1)


class House:
    """Synapse, the add-on, and what is between them."""

    def __init__(
        self, folder: Path, *, forked: bool = False, more: dict[str, Any] | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.synapse = Synapse(folder / "synapse")
        self.installation = Installation(self.synapse, folder / "circlekeeper")
        self.proxy = CrashProxy()
        self.settings: Settings | None = None
        self._more = more or {}
        self.clock = HandClock(folder / "clock", SystemClock().now())
        # forked: started in a moment, and its clock can be moved
        self.forked = Forked(self.installation.folder, self.clock) if forked else None
        self._mending: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, folder: Path, *, forked: bool = False, more: dict[str, Any] | None = None
    ) -> AsyncIterator["House"]:
        """Install and start everything; all of it ends behind the context. `more`: settings."""
        house = cls(folder, forked=forked, more=more)
        async with house.proxy:
            try:
                await house._begin()
                yield house
            finally:
                await house.mended()
                await house.kill()
                await house.installation.stop()
                await house.synapse.stop()

    async def _begin(self) -> None:
        installation, proxy = self.installation, self.proxy
        proxy.to(homeserver=self.synapse.url, appservice=f"http://127.0.0.1:{installation.port}")
        await installation.init(
            {
                "homeserver": {"url": proxy.homeserver_url},
                # how soon a transaction that died with Synapse is missed
                "limits": {"key_fetch_seconds": 2},
                **self._more,
            }
        )
        registration = installation.folder / "registration.yaml"
        told = yaml.safe_load(registration.read_text()) | {"url": proxy.appservice_url}
        registration.write_text(yaml.safe_dump(told))
        self.synapse.add_appservice(registration)
        self.settings = Settings.load(installation.folder / "circlekeeper.yaml", {})
        await self.synapse.start()
        await self.run()

    async def run(self) -> None:
        """Start the add-on, and wait until it is ready."""
        await (self.forked.start() if self.forked else self.installation.run())

    async def kill(self) -> None:
        """SIGKILL the add-on."""
        await (self.forked.die() if self.forked else self.installation.kill())

    def log_end(self) -> str:
        """The last that the add-on said."""
        return self.forked.log_end() if self.forked else self.installation.log_end()

    # -- deaths

    async def kill_ours(self) -> None:
        """SIGKILL the add-on, and have it started again."""
        await self.kill()
        self._mend(self.run())

    async def kill_synapse(self) -> None:
        """SIGKILL Synapse, and have it started again."""
        await self.synapse.kill()
        self._mend(self.synapse.start())

    async def mended(self) -> None:
        """Wait until whoever was killed lives again."""
        if self._mending:
            await asyncio.gather(*self._mending)

    def _mend(self, starting: Any) -> None:
        task = asyncio.create_task(starting)
        self._mending.add(task)
        task.add_done_callback(self._mending.discard)

    # -- what the stories need

    async def found(
        self,
        name: str = "WILLOW",
        facilitators: Sequence[UserId] = (),
        size: Size = Size.STANDARD,
        zone: str | None = None,
        lead: UserId | None = None,
    ) -> tuple[GroupId, str]:
        """Ask for a group by the inbox, as the command line does; its id and code."""
        example = read_charter(EXAMPLE)
        number = next(_numbers)
        id_, code = GroupId(derive("group", str(number), str(self.synapse.port))), draw_code(name)
        server = self.synapse.server_name
        charter = replace(
            example,
            name=name,
            size=size,
            zone=zone or example.zone,
            lead=lead or example.lead,
            facilitators=tuple(facilitators)
            or (UserId(f"@mira:{server}"), UserId(f"@jonas:{server}")),
        )
        clock = self.clock
        asked = GroupAsked(id_, charter, code, open=True, at=clock.now())
        cause = CauseId(derive("founding", id_))
        arrival = Arrival(cause, lane_of_event(asked), "event", asked, clock.now())
        assert self.settings is not None
        store = await main.open_store(self.settings, clock)
        try:
            async with store.begin() as work:
                await work.accept([arrival])
        finally:
            await store.close()
        return id_, code

    async def founded(self, id_: GroupId, rooms: frozenset[RoomKind] = ROOMS) -> Group:
        """Wait until every room of the group is there."""
        assert self.settings is not None
        store = await main.open_store(self.settings, self.clock)
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    async with store.begin() as work:
                        group = await work.get(Group, id_)
                    if group is not None and set(group.rooms) >= rooms:
                        return group
                    await asyncio.sleep(LOOK_EVERY)
        finally:
            await store.close()

    async def enter(self, name: str) -> NioMember:
        """Somebody new, logged in and cross-signed."""
        user = await self.register(name)
        return await NioMember.login(self.synapse.url, user.user_id, user.password)

    async def register(self, name: str) -> Account:
        """Somebody new, not logged in yet."""
        return await self.synapse.register_user(f"{name}-{next(_numbers)}")

    async def state(self, room: str, user: str) -> list[dict[str, Any]]:
        """A room's state as one of the add-on's users sees it; empty if it is not in it."""
        assert self.settings is not None
        status, told = await self.synapse.request(
            "GET",
            f"/_matrix/client/v3/rooms/{room}/state",
            token=self.settings.registration.as_token,
            params={"user_id": user},
        )
        return told if status == 200 else []

    async def at_rest(self) -> None:
        """Wait until no row of inbox or outbox is open; nothing may be parked."""
        deadline = time.monotonic() + PATIENCE
        while self._rows("new", "aside"):
            if time.monotonic() > deadline:
                raise AssertionError(f"no rest\n{self.log_end()}")
            await asyncio.sleep(LOOK_EVERY)
        assert not self._rows("parked"), self.log_end()

    def _rows(self, *states: str) -> int:
        places = ",".join("?" * len(states))
        database = sqlite3.connect(self.installation.folder / "circlekeeper.db", timeout=10)
        with contextlib.closing(database):
            return sum(
                database.execute(
                    f"SELECT count(*) FROM {box} WHERE lane IS NOT NULL AND state IN ({places})",
                    states,
                ).fetchone()[0]
                for box in ("inbox", "outbox")
            )


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """Ask again while the homeserver is down, as a person's client does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await do()
        except (aiohttp.ClientError, TimeoutError, OSError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(LOOK_EVERY)
