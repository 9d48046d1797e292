"""Tells the road of a group as a story: a real Synapse, real encrypted clients, one evening.

`make demo` runs it and removes everything afterwards; `make demo STAY=1` leaves all of it running
and prints who can log in where.
"""

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.support.client_api import MemberError
from tests.support.installation import Installation
from tests.support.member import Line
from tests.support.nio_member import NioMember
from tests.support.synapse import Account, Synapse
from tests.support.walker import Walker

console = Console(highlight=False, soft_wrap=True)
NAME = "WILLOW"
STEPS = 9


@dataclass
class Cast:
    """Everybody in the story."""

    installation: Installation
    code: str = ""
    circle: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)
    walkers: dict[str, Walker] = field(default_factory=dict)

    async def enter(self, name: str, stack: AsyncExitStack) -> Walker:
        """Register somebody, log them in with a cross-signed device, open their private chat."""
        synapse = self.installation.synapse
        account = await synapse.register_user(name)
        member = await NioMember.login(synapse.url, account.user_id, account.password)
        stack.push_async_callback(member.stop)
        self.accounts[name] = account
        walker = await Walker.meet(member, self.installation.keeper)
        self.walkers[name] = walker
        return walker


class Teller:
    """Prints the story line by line under a progress bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("the story", total=STEPS)

    def chapter(self, title: str) -> None:
        self._progress.console.print(f"\n[bold]{title}[/bold]")
        self._progress.update(self._task, description=title)

    def tell(self, text: str) -> None:
        self._progress.console.print(f"  {text}")

    def quote(self, line: Line) -> None:
        first = line.body.strip().splitlines()[0]
        label = " ".join(filter(None, (line.keeper.get("step"), line.kind)))
        self._progress.console.print(f"    keeper [{label}]: {first}", style="dim", markup=False)

    def done(self) -> None:
        self._progress.advance(self._task)


async def story(folder: Path, teller: Teller, stack: AsyncExitStack) -> Cast:
    """Play the whole road; raises AssertionError where something is not as promised."""
    teller.chapter("An operator installs Circlekeeper beside a homeserver")
    synapse = Synapse(folder / "synapse")
    stack.push_async_callback(synapse.stop)
    installation = await Installation.begin(synapse, folder / "circlekeeper")
    stack.push_async_callback(installation.stop)
    cast = Cast(installation)
    teller.tell(f"A real Synapse listens on {synapse.url}; `circlekeeper run` says it is ready.")
    teller.done()

    await found(cast, teller)
    await facilitators_join(cast, teller, stack)
    await members_join(cast, teller, stack)
    await they_talk(cast, teller)
    await nobody_goes_round(cast, teller, stack)
    await the_promise(cast, teller)
    await they_leave(cast, teller)
    await doctor(cast, teller)
    return cast


async def found(cast: Cast, teller: Teller) -> None:
    teller.chapter("A group is founded")
    names = [f"@{name}:{cast.installation.synapse.server_name}" for name in ("mira", "jonas")]
    group = await cast.installation.new_group(NAME, *names)
    cast.code, cast.circle = group["code"], group["rooms"]["circle"]
    teller.tell(
        f"The first join code is {group['code']}; its rooms exist: {', '.join(group['rooms'])}."
    )
    teller.done()


async def facilitators_join(cast: Cast, teller: Teller, stack: AsyncExitStack) -> None:
    teller.chapter("Two facilitators pass the same gate as everybody")
    for name in ("mira", "jonas"):
        walker = await cast.enter(name, stack)
        await walker.join(cast.code)
        await walker.member.join(cast.circle)
        teller.tell(f"{name} has read, answered and consented, and is in the circle.")
    teller.done()


async def members_join(cast: Cast, teller: Teller, stack: AsyncExitStack) -> None:
    teller.chapter("Ada has a bad week, and a code")
    for name in ("ada", "ben"):
        walker = await cast.enter(name, stack)
        quiet = name != "ada"
        await walker.join(cast.code, on_step=None if quiet else teller.quote)
        await walker.member.join(cast.circle)
        teller.tell(f"{name} consented, tapped once, and is in the circle.")
    teller.done()


async def they_talk(cast: Cast, teller: Teller) -> None:
    teller.chapter("They talk in the circle")
    ada, ben = cast.walkers["ada"].member, cast.walkers["ben"].member
    await ada.send(cast.circle, "It is my first evening here. I miss him.")
    heard = await ben.wait_for_text(cast.circle, "I miss him")
    _must(heard.encrypted, "what Ada said was encrypted")
    await ben.send(cast.circle, "Good that you came, Ada.")
    await ada.wait_for_text(cast.circle, "Good that you came")
    teller.tell("Ada and Ben read each other; what they said was end-to-end encrypted.")
    helped = await cast.walkers["ada"].ask("help", "help")
    teller.tell("Ada writes `help` to the keeper, and has numbers at once:")
    teller.quote(helped)
    teller.done()


async def nobody_goes_round(cast: Cast, teller: Teller, stack: AsyncExitStack) -> None:
    teller.chapter("Nobody comes in past the gate")
    eve = await cast.enter("eve", stack)
    _must(await _refused(eve.member.join(cast.circle)), "a stranger cannot join")
    ada = cast.walkers["ada"].member
    _must(await _refused(ada.invite(cast.circle, eve.member.user_id)), "members cannot invite")
    teller.tell("A stranger cannot join, and a member's own invitation is refused.")
    await cast.installation.invite_past_the_gate(cast.circle, eve.member.user_id)
    await ada.wait_for_member(cast.circle, eve.member.user_id, "leave")
    teller.tell("Somebody with power over the server invites her past the gate: it is undone.")
    teller.done()


async def the_promise(cast: Cast, teller: Teller) -> None:
    teller.chapter("The promise, as Ada's client sees it")
    ada, house = cast.walkers["ada"].member, cast.installation
    query = {"device_keys": {house.steward: []}}
    answer = await ada.call("POST", "/keys/query", query)
    _must(not answer["device_keys"].get(house.steward), "the steward has no device")
    _must(house.steward in answer["master_keys"], "the steward has an identity")
    members = await ada.members(cast.circle)
    _must(house.keeper not in members, "the keeper is not in the circle")
    teller.tell("The steward has zero devices and an identity nobody can sign for;")
    teller.tell("the keeper is not in the circle. The add-on holds no key to it.")
    teller.done()


async def they_leave(cast: Cast, teller: Teller) -> None:
    teller.chapter("Ben leaves, in one word")
    ben = cast.walkers["ben"]
    teller.quote(await ben.ask("leave", "withdrawn"))
    await cast.walkers["ada"].member.wait_for_member(cast.circle, ben.member.user_id, "leave")
    teller.tell("Ben is out of every room of the group.")
    teller.done()


async def doctor(cast: Cast, teller: Teller) -> None:
    teller.chapter("The operator asks whether all is well")
    out = await cast.installation.command("check")
    for line in out.strip().splitlines():
        teller.tell(line)
    teller.done()


async def _refused(asking: object) -> bool:
    try:
        await asking  # type: ignore[misc]
    except MemberError:
        return True
    return False


def _must(true: bool, what: str) -> None:  # noqa: FBT001
    if not true:
        raise AssertionError(f"not as promised: {what}")


async def stay(cast: Cast) -> None:
    """Leave everything running until Ctrl-C."""
    console.print(f"\nLog in with any client at {cast.installation.synapse.url}:")
    for account in cast.accounts.values():
        console.print(f"  {account.user_id}  {account.password}", markup=False)
    console.print("\nCtrl-C ends and removes it all.")
    await asyncio.Event().wait()


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--stay", action="store_true", help="stay up and print the log-ins")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=f"circlekeeper-demo-{secrets.token_hex(2)}-"))
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        async with AsyncExitStack() as stack:
            with Progress(*columns, console=console, transient=True) as progress:
                cast = await story(folder, Teller(progress), stack)
            console.print("\nThe end. Everything was as promised.")
            if given.stay:
                await stay(cast)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except KeyboardInterrupt:
        sys.exit(0)
