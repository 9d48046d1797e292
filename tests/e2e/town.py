"""One installation, its groups and any number of people: for cases that need no fresh start."""

import asyncio
import io
import itertools
import json
import os
import secrets
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.support.element import Element, ElementClient
from tests.support.installation import Installation
from tests.support.member import Line
from tests.support.nio_member import NioMember
from tests.support.synapse import Account, Synapse
from tests.support.walker import Walker

_numbers = itertools.count(1)
TROUBLE = ("accident", "work_failed", "Traceback", "transaction failed")


class Town:
    """People come and go here; what is said as a canary must be found nowhere afterwards."""

    def __init__(self, house: Installation, element: Element) -> None:
        self.house = house
        self.element = element
        self.groups: dict[str, Any] = {}
        self.facilitators: list[Account] = []
        self.canaries: list[str] = []
        self._nio: list[NioMember] = []

    # -- who lives here

    async def account(self, name: str) -> Account:
        """A user whom no other case has."""
        return await self.house.synapse.register_user(f"{name}{next(_numbers)}")

    async def member(self, name: str) -> ElementClient:
        """Somebody with Element's crypto and a signed device."""
        account = await self.account(name)
        return await self.log_in(account)

    async def log_in(self, account: Account, **options: Any) -> ElementClient:
        """Another device of somebody."""
        return await self.element.login(
            self.house.synapse.url, account.user_id, account.password, **options
        )

    async def nio(self, name: str, **options: Any) -> NioMember:
        """Somebody with matrix-nio."""
        return await self.nio_of(await self.account(name), **options)

    async def nio_of(self, account: Account, **options: Any) -> NioMember:
        """A device of somebody with matrix-nio."""
        url = self.house.synapse.url
        member = await NioMember.login(url, account.user_id, account.password, **options)
        self._nio.append(member)
        return member

    async def walker(self, name: str) -> Walker:
        """Somebody in a private chat with the keeper."""
        return await Walker.meet(await self.member(name), self.house.keeper)

    async def found(
        self, name: str, *, draft: bool = False, size: str = "small"
    ) -> tuple[Any, list[Account]]:
        """A group and its two facilitators, who have no device yet."""
        people = [await self.account(one) for one in ("mira", "jonas")]
        named = [x for who in people for x in ("--facilitator", who.user_id)]
        options = ["--size", size, *([] if draft else ["--open"])]
        out = await self.house.command("group", "new", "--name", name, *named, *options, "--json")
        return json.loads(out), people

    def canary(self) -> str:
        """A word to say that must be found nowhere afterwards."""
        self.canaries.append(f"kanari{secrets.token_hex(6)}")
        return self.canaries[-1]

    # -- what a homeserver could do

    @property
    def registration(self) -> Any:
        """What the homeserver knows of us, tokens too."""
        return yaml.safe_load((self.house.folder / "registration.yaml").read_text())

    async def put(
        self, events: Any, *, token: str | None = None, raw: bytes | None = None
    ) -> tuple[int, str]:
        """A transaction put at our door: status and body. `raw` goes as it is."""
        token = self.registration["hs_token"] if token is None else token
        url = f"http://127.0.0.1:{self.house.port}/_matrix/app/v1/transactions/{secrets.token_hex(8)}"
        data = json.dumps({"events": events}).encode() if raw is None else raw
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        async with (
            aiohttp.ClientSession() as session,
            session.put(url, data=io.BytesIO(data), headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    @contextmanager
    def nobody_listening(self) -> Iterator[None]:
        """The add-on stands still (SIGSTOP); what is said meanwhile comes all at once."""
        pid = self.house.process.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    # -- what must be found nowhere

    def log(self) -> str:
        """What `run` has said until now."""
        return self.house.log.read_text()

    async def close(self) -> None:
        """End everybody's clients that are not Element's."""
        for member in self._nio:
            await member.stop()


@asynccontextmanager
async def inhabited(folder: Path, **options: Any) -> AsyncIterator[Town]:
    """A town that stands until the end of the block."""
    synapse = Synapse(folder / "synapse", room_version=options.pop("room_version", "12"))
    house = Installation(synapse, folder / "circlekeeper")
    async with Element() as element:
        town = Town(house, element)
        try:
            await house.init(options.pop("settings", {}))
            synapse.add_appservice(house.folder / "registration.yaml")
            await synapse.start()
            await house.run()
            yield town
        finally:
            await town.close()
            await house.stop()
            await synapse.stop()


def steps(walker: Walker) -> list[str]:
    """The steps of the gate that the keeper has said in this chat, in order."""
    said = [line.keeper.get("step") for line in walker.lines_of_keeper()]
    return [step for step in said if step is not None]


def right(line: Line, tried: int = 0) -> str:
    """A reply to this question: the affirmative one, else the choice of this number."""
    choices = line.keeper["choices"]
    for choice in choices:
        if choice["id"] in {"yes", "agree"}:
            return str(choice["reply"])
    return str(choices[tried]["reply"])


async def quiet(walker: Walker, seconds: float = 1.5) -> None:
    """Nothing comes of the keeper for a moment, where no marker can be asked for."""
    before = len(walker.lines_of_keeper())
    await asyncio.sleep(seconds)
    assert len(walker.lines_of_keeper()) == before, walker.lines_of_keeper()[-1].body
