"""A group that is looked after: its people in Element, a mail server and a web hook."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from appservice.domain.group import Group
from appservice.domain.types import RoomKind, UserId
from tests.crash.house import House
from tests.support.certificates import Authority
from tests.support.element import Element
from tests.support.http_receiver import HttpReceiver
from tests.support.mail_server import PASSWORD, USER, MailServer
from tests.support.opened import found_in, plaintexts
from tests.support.walker import Walker

PATIENCE = 30.0
MAIL, OPERATOR = "canary-mira@mail.example", "canary-operator@mail.example"
SECRET = "canary-secret"
CODE = re.compile(r"Circlekeeper: (\d{6}) ")
NAMES = ("mira", "jonas", "lea", "ada", "mei")


@dataclass
class Watch:
    """Mira and Jonas facilitate, Lea leads and is no member, Ada and Mei are members."""

    house: House
    mail: MailServer
    hook: HttpReceiver
    group: Group
    walkers: dict[str, Walker] = field(default_factory=dict)
    canaries: list[str] = field(default_factory=list)
    contact: str = ""  # the room where two have talked

    def those(self, *names: str) -> list[Walker]:
        return [self.walkers[name] for name in names]

    def canary(self) -> str:
        """A word to write that must be found nowhere afterwards."""
        self.canaries.append(f"kanari{secrets.token_hex(6)}")
        return self.canaries[-1]

    async def caught_up(self) -> None:
        """Let everybody have read all that was for them."""
        await self.house.at_rest()
        await asyncio.gather(*(one.hear_nothing_more() for one in self.walkers.values()))
        for one in self.walkers.values():
            one.heard = one.lines_of_keeper()

    async def passes(self, **span: float) -> None:
        """Let time pass while the add-on is down."""
        await self.house.kill()
        self.house.clock.advance(**span)
        await self.house.run()

    async def copied(self) -> dict[str, bytes]:
        """Keep a copy of the database, as the power fails."""
        await self.house.kill()
        copy = {path.name: path.read_bytes() for path in self._database()[:2] if path.exists()}
        await self.house.run()
        return copy

    async def restored(self, copy: dict[str, bytes]) -> None:
        """Put the copy back in place of the database."""
        await self.house.kill()
        for path in self._database():
            path.unlink(missing_ok=True)
            if path.name in copy:
                path.write_bytes(copy[path.name])
        await self.house.run()

    def _database(self) -> list[Path]:
        file = self.house.installation.folder / "circlekeeper.db"
        return [file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm"))]

    async def where(self, *words: str) -> list[str]:
        """In which files, mails, calls and figures a word stands; sealed values opened."""
        folder = self.house.installation.folder
        places = contents(folder.parent)  # Synapse's too
        opened = plaintexts(folder / "circlekeeper.db", folder / "circlekeeper.keys")
        places |= {"opened": b"\n".join(opened), "mail": b"\n".join(self.mail.heard)}
        places |= {"web hook": b"\n".join(self.hook.heard), "metrics": await self._metrics()}
        return [name for name, data in places.items() if found_in(data, *words)]

    async def _metrics(self) -> bytes:
        url = f"http://127.0.0.1:{self.house.installation.private}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
            return await answer.read()


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Watch]:
    """A house with all of them, until the end of the block."""
    authority = Authority(folder / "authority")
    mail = MailServer(tls="starttls", certificate=authority.server("127.0.0.1"))
    mail.log_in = True
    async with mail.running(), HttpReceiver().running() as hook, Element() as element:
        for name, secret in (("mail", PASSWORD), ("hook", SECRET)):
            (folder / name).write_text(secret, encoding="utf-8")
        email = {"host": "127.0.0.1", "port": mail.port, "ca_file": str(authority.file)}
        email |= {"sender": "c@example.org", "user": USER, "password_file": str(folder / "mail")}
        webhook = {"secret_file": str(folder / "hook"), "allow_private": True}
        paging = {"email": email, "webhook": webhook, "operator": {"email": OPERATOR}}
        async with House.open(folder / "house", forked=True, more={"paging": paging}) as house:
            watch = Watch(house, mail, hook, *await _founded(house, element))
            await watch.caught_up()
            yield watch


async def _founded(house: House, element: Element) -> tuple[Group, dict[str, Walker]]:
    accounts = {name: await house.register(name) for name in NAMES}
    mira, jonas, lea = (UserId(accounts[name].user_id) for name in NAMES[:3])
    id_, code = await house.found("WILLOW", (mira, jonas), lead=lea)
    group = await house.founded(id_)

    async def enters(name: str) -> Walker:
        user = accounts[name]
        member = await element.login(house.synapse.url, user.user_id, user.password)
        walker = await Walker.meet(member, house.installation.keeper)
        if name != "lea":
            await walker.join(code)
            await member.join(group.rooms[RoomKind.CIRCLE])
        if name in NAMES[:2]:
            await member.join(group.rooms[RoomKind.FACILITATORS])
        return walker

    found = await asyncio.gather(*(enters(name) for name in NAMES))
    return group, dict(zip(NAMES, found, strict=True))


def contents(folder: Path) -> dict[str, bytes]:
    """What stands in all files under a folder; one that goes meanwhile is left out."""
    found = {}
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file():
                found[str(path)] = path.read_bytes()
    return found


async def until(there: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not there():
            await asyncio.sleep(0.05)


def code_of(text: str) -> str:
    """The six digits that a mail brings."""
    found = CODE.search(text)
    assert found is not None, text
    return found[1]


async def proves(walker: Walker, wish: str, code: Callable[[], str]) -> None:
    """Write an address, and the code that came there."""
    asked = await walker.ask(f"!page me by {wish}", "duty")
    assert not CODE.search(asked.body)
    assert "six digits" in asked.body
    kept = await walker.ask(code(), "duty")
    assert wish.split()[1] in kept.body


async def flags(
    walker: Walker,
    about: str,
    whom: str,
    shares: Callable[[], Awaitable[object]],
    *,
    danger: str = "no",
) -> int:
    """Raise a flag that shares one thing; the number of its case. `danger`: yes or no."""
    await walker.ask("flag", "flag_track")
    await walker.ask(about, "flag_urgent")
    await walker.ask(danger, "flag_track")
    await walker.ask(whom, "flag_disclosure")
    await walker.ask("1", "flag_disclosure")
    await shares()
    await walker.hear("flag_preview")
    await walker.hear("flag_preview")
    receipt = await walker.ask("1", "flag_receipt")
    return int(str(receipt.keeper["case"]).removeprefix("C-"))


async def follows(walker: Walker, known: Iterable[str]) -> str:
    """Accept an invitation into another room than these."""
    room = await walker.member.wait_for_invite(but=set(known))
    await walker.member.join(room)
    return room


async def ends(walker: Walker, number: int, level: str = "green") -> None:
    """Close a case of one's own, which is of this level after all."""
    await walker.say(f"!case {number} level {level}")
    await walker.ask(f"!case {number} close looked-after", "case_closed")


async def numbers(watch: Watch) -> dict[str, str]:
    """What the operator sees of cases: their states by number."""
    rows = await watch.house.installation.command("case", "list", "--json")
    assert not any(one.member.user_id in rows for one in watch.walkers.values())
    return {row["case"]: row["state"] for row in json.loads(rows)}
