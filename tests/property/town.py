"""A town where the real add-on lives: takes the machine's steps, and looks who is in."""

import abc
import asyncio
import contextlib
import sqlite3
import time
from pathlib import Path

from appservice import main
from appservice.clock import Clock
from appservice.config.settings import Settings
from appservice.domain.group import Group
from appservice.domain.records import Consent, Grace
from appservice.domain.types import GroupId, RoomKind, UserId
from appservice.store import Generation
from tests.property.step import Step
from tests.support.client_api import MemberError
from tests.support.many_groups import ROOMS
from tests.support.member import Member
from tests.support.stub.errors import MatrixError
from tests.support.walker import Walker

ALLOWED = 60.0  # seconds of running time that somebody may be in without a consent
LOOK_EVERY = 0.05
PRESENT = frozenset({"join", "invite", "knock"})


class Town(abc.ABC):
    """One group and four people; `longest` is how long somebody was in who should not be."""

    def __init__(self, group: GroupId, code: str, clock: Clock, folder: Path) -> None:
        self.group = group
        self.code = code
        self.clock = clock
        self.folder = folder
        self.rooms: dict[RoomKind, str] = {}
        self.up = True
        self.longest = 0.0
        self.seen = 0  # times that somebody was in who should not be
        self._walkers: dict[str, Walker] = {}
        self._dump: bytes | None = None

    # -- what each homeserver does in its own way

    @abc.abstractmethod
    def user(self, name: str) -> UserId: ...

    @abc.abstractmethod
    async def _person(self, name: str) -> Member:
        """Somebody with a cross-signed device; the same one each time."""

    @abc.abstractmethod
    async def members(self, room: str) -> dict[str, str]:
        """Who is how in a room, asked of the homeserver."""

    @abc.abstractmethod
    async def admin_join(self, room: str, name: str) -> None: ...

    @abc.abstractmethod
    async def as_steward(self, room: str, what: str, name: str) -> None:
        """Do with the steward's power what the add-on never asked for: `invite`, `power`."""

    @abc.abstractmethod
    async def kill(self) -> None: ...

    @abc.abstractmethod
    async def start(self) -> None:
        """Start the add-on, and wait until it is ready."""

    @abc.abstractmethod
    async def at_rest(self) -> None: ...

    # -- steps

    async def tell(self, steps: tuple[Step, ...]) -> None:
        """Let every step happen, and look after each."""
        for step in steps:
            async with asyncio.timeout(3 * ALLOWED):
                with contextlib.suppress(MemberError, MatrixError):  # some steps are refused
                    await self.do(step)
                if self.up:
                    await self._look(step)

    async def do(self, step: Step) -> None:
        """Let one step happen."""
        match step.what:
            case "walk" if self.up:
                await self._walk(step.name)
            case "say leave" if self.up and step.name in self._walkers:
                await self._walkers[step.name].ask("leave", timeout=ALLOWED)
            case "leave rooms":
                await self._each(step.name, PRESENT, "leave")
            case "admin join":
                await self.admin_join(self.rooms[RoomKind(step.more)], step.name)
            case "invite":
                await self.as_steward(self.rooms[RoomKind(step.more)], "invite", step.name)
            case "accept":
                await self._each(step.name, frozenset({"invite"}), "join")
            case "ban" if step.name not in ("mei", "zoe"):
                circle = self.rooms[RoomKind.CIRCLE]
                by = await self._person(step.more)
                await by.call("POST", f"/rooms/{circle}/ban", {"user_id": self.user(step.name)})
            case "power":
                await self.as_steward(self.rooms[RoomKind.CIRCLE], "power", step.name)
            case _:
                await self._lives(step)

    async def _lives(self, step: Step) -> None:
        """What happens to the add-on itself."""
        match step.what:
            case "restart":
                await self.kill()
                await self._rises()
            case "down":
                await self.kill()
                self.up = False
            case "up":
                await self._rises()
            case "backup":
                self._dump = self._copy()
                if self.up:
                    await self._next_generation()
            case "restore" if self._dump is not None:
                await self.kill()
                self._put_back(self._dump)
                self._dump = None
                await self._rises()
            case "days":
                self.days(step.days)

    def days(self, count: int) -> None:  # noqa: B027  not every town's clock can be moved
        """Move the clock, where the town has one that moves."""

    async def _rises(self) -> None:
        await self.start()
        self.up = True

    async def _walk(self, name: str) -> None:
        walker = self._walkers.get(name)
        if walker is None:
            keeper = self.user("keeper")
            walker = await Walker.meet(await self._person(name), keeper)
            self._walkers[name] = walker
        line = await walker.ask(f"join {self.code}", timeout=ALLOWED)
        tried: dict[str, int] = {}
        while line.kind in ("age", "question", "statement"):
            line = await walker.ask(walker._choose(line, tried), timeout=ALLOWED)
        await self._each(name, frozenset({"invite"}), "join")

    async def _each(self, name: str, how: frozenset[str], what: str) -> None:
        for room in self.rooms.values():
            if (await self.members(room)).get(self.user(name)) in how:
                person = await self._person(name)
                with contextlib.suppress(MemberError):
                    await person.call("POST", f"/rooms/{room}/{what}", {})

    # -- looking

    async def _look(self, step: Step) -> None:
        """Wait until nobody is in without a consent; 60 seconds are allowed, and measured."""
        begun = time.monotonic()
        self.seen += bool(await self._strangers())
        await self.at_rest()
        while strangers := await self._strangers():
            if time.monotonic() - begun > ALLOWED:
                raise AssertionError(f"after {step}: {strangers} stay without a consent")
            await asyncio.sleep(LOOK_EVERY)
        self.longest = max(self.longest, time.monotonic() - begun)

    async def _strangers(self) -> dict[str, list[str]]:
        settings = Settings.load(self.folder / "circlekeeper.yaml", {})
        store = await main.open_store(settings, self.clock)
        try:
            async with store.begin() as work:
                consents = await work.of_group(Consent, self.group)
                graces = await work.of_group(Grace, self.group)
        finally:
            await store.close()
        agreed = {c.user: c for c in consents if c.withdrawn is None}
        spared = {g.user for g in graces if self.clock.now() < g.until}
        ours = {self.user("keeper"), self.user("steward")}
        found: dict[str, list[str]] = {}
        for what, room in self.rooms.items():
            for user, how in (await self.members(room)).items():
                if how in PRESENT and user not in ours | agreed.keys() | spared:
                    found.setdefault(user, []).append(what.value)
        return found

    async def find_rooms(self) -> None:
        """Wait until the group has all its rooms."""
        settings = Settings.load(self.folder / "circlekeeper.yaml", {})
        store = await main.open_store(settings, self.clock)
        try:
            async with asyncio.timeout(ALLOWED):
                while len(self.rooms) < len(ROOMS):
                    async with store.begin() as work:
                        group = await work.get(Group, self.group)
                    self.rooms = dict(group.rooms) if group else {}
                    await asyncio.sleep(LOOK_EVERY)
        finally:
            await store.close()

    # -- yesterday's database

    async def _next_generation(self) -> None:
        """Wait until the add-on could tell the backup from the present."""
        file = Generation(self.folder / "generation")
        begun = file.number()
        async with asyncio.timeout(ALLOWED):
            while file.number() == begun:
                await asyncio.sleep(LOOK_EVERY)

    def _copy(self) -> bytes:
        source = sqlite3.connect(self.folder / "circlekeeper.db", timeout=10)
        with contextlib.closing(source):
            return _consistent(source)

    def _put_back(self, dump: bytes) -> None:
        for name in ("circlekeeper.db-wal", "circlekeeper.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "circlekeeper.db").write_bytes(dump)


def _consistent(source: sqlite3.Connection) -> bytes:
    """The database as one transaction sees it, while another process writes."""
    with contextlib.closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize()
