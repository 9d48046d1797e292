"""A town beside the stub homeserver: the add-on in its own process, with a clock that moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from appservice.charter_file import read_charter
from appservice.domain.events import GroupAsked
from appservice.domain.types import GroupId, Size, UserId, derive
from tests.crash.story import EXAMPLE
from tests.property.step import FACILITATORS
from tests.property.town import Town
from tests.support.forked import HandClock
from tests.support.living import Living
from tests.support.stub_homeserver import StubHomeserver
from tests.support.stub_member import StubMember

CODE = "WILLOW-7Q4K"
OFTEN = 0.5  # seconds; so that a backup is older than the present soon
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class StubTown(Town):
    """Make it by `StubTown.founded`."""

    def __init__(self, stub: StubHomeserver, living: Living, group: GroupId) -> None:
        super().__init__(group, CODE, living.clock, living.folder)
        self.stub = stub
        self.living = living
        self._people: dict[str, StubMember] = {}

    @classmethod
    @asynccontextmanager
    async def founded(cls, folder: Path) -> AsyncIterator["StubTown"]:
        """A homeserver, an add-on and a group of their own."""
        clock = HandClock(folder / "clock", BEGIN)
        async with StubHomeserver(clock) as stub:
            own = folder / "circlekeeper"
            own.mkdir()
            living = Living(stub, own, clock)
            living.install(limits={"key_fetch_seconds": OFTEN})
            living.restarts = False
            town = cls(stub, living, GroupId(derive("group", str(folder))))
            try:
                await living.start()
                await town._found()
                yield town
            finally:
                for member in town._people.values():
                    await member.stop()
                await living.stop()

    async def _found(self) -> None:
        charter = replace(
            read_charter(EXAMPLE),
            size=Size.STANDARD,
            facilitators=tuple(self.user(name) for name in FACILITATORS),
        )
        asked = GroupAsked(self.group, charter, CODE, open=True, at=self.clock.now())
        await self.living.happen(asked, derive("founding", self.group))
        await self.find_rooms()

    def user(self, name: str) -> UserId:
        return UserId(f"@{name}:{self.stub.server_name}")

    async def _person(self, name: str) -> StubMember:
        if name not in self._people:
            self._people[name] = await StubMember.login(self.stub, name)
        return self._people[name]

    async def members(self, room: str) -> dict[str, str]:
        return self.stub.rooms[room].members

    async def admin_join(self, room: str, name: str) -> None:
        await self._person(name)
        if self.stub.rooms[room].membership(self.user(name)) not in ("join", "ban"):
            await self.stub.join_by_admin(room, self.user(name))

    async def as_steward(self, room: str, what: str, name: str) -> None:
        await self._person(name)
        steward = self.user("steward")
        if what == "invite":
            self.stub.invite(room, steward, self.user(name))
            return
        powers = self.stub.rooms[room].content("m.room.power_levels")
        users = {**powers.get("users", {}), self.user(name): 100}
        self.stub.put_state(room, steward, "m.room.power_levels", {**powers, "users": users})

    async def kill(self) -> None:
        await self.living.die()

    async def start(self) -> None:
        await self.living.start()

    async def at_rest(self) -> None:
        await self.living.at_rest()

    def days(self, count: int) -> None:
        self.living.clock.advance(days=count)
