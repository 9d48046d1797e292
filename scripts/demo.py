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
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from appservice.clock import SystemClock
from tests.support.client_api import MemberError
from tests.support.installation import Installation
from tests.support.member import Line
from tests.support.nio_member import NioMember
from tests.support.synapse import Account, Synapse
from tests.support.walker import Walker

console = Console(highlight=False, soft_wrap=True)
NAME = "WILLOW"
STEPS = 12
RUNG = timedelta(minutes=10)  # so long before a meeting the last reminder comes
SOON = timedelta(seconds=15)  # so much is left for what is to be said before a full minute
PATIENCE = 150.0  # seconds: private reminders are spread over two minutes
WORRY = "The evenings are hard for me."
POLL = "org.matrix.msc3381.poll.start"


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

    def all_of(self, line: Line) -> None:
        for text in filter(None, line.body.splitlines()):
            self._progress.console.print(f"    keeper: {text}", style="dim", markup=False)

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
    await a_meeting_is_planned(cast, teller)
    await they_talk(cast, teller)
    await nobody_goes_round(cast, teller, stack)
    await the_promise(cast, teller)
    await the_meeting_comes_near(cast, teller)
    await a_worry_is_heard(cast, teller)
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

    async def joins(name: str) -> None:
        walker = await cast.enter(name, stack)
        await walker.join(cast.code)
        await walker.member.join(cast.circle)
        teller.tell(f"{name} has read, answered and consented, and is in the circle.")

    await asyncio.gather(joins("mira"), joins("jonas"))
    teller.done()


async def members_join(cast: Cast, teller: Teller, stack: AsyncExitStack) -> None:
    teller.chapter("Ada has a bad week, and a code")

    async def joins(name: str) -> None:
        walker = await cast.enter(name, stack)
        await walker.join(cast.code, on_step=teller.quote if name == "ada" else None)
        await walker.member.join(cast.circle)
        teller.tell(f"{name} consented, tapped once, and is in the circle.")

    await asyncio.gather(joins("ada"), joins("ben"))
    teller.done()


async def a_meeting_is_planned(cast: Cast, teller: Teller) -> None:
    """Plan it so that its reminder comes within this story, at any time of day.

    The group lives by UTC, and dates are written out, since midnight may be near. Who wants to be
    reminded at night too switches quiet hours off; an hour that one chose oneself counts anyway.
    """
    teller.chapter("A meeting is planned")
    for walker in cast.walkers.values():
        await _say(walker, "quiet hours off", "no quiet hours")
        await _say(walker, "reminders 10m", "10m")
    teller.tell("All four would like to be reminded ten minutes before, whatever the hour.")
    starts = _full_minute(SystemClock().now() + SOON) + RUNG
    mira, ada = cast.walkers["mira"], cast.walkers["ada"]
    teller.tell("Mira writes a time to the keeper, and says yes to what it shows:")
    when = f"{starts:%Y-%m-%d %H:%M}"
    teller.all_of(await _say(mira, f"!meeting {when} for 75m", f"{starts:%H:%M}"))
    teller.quote(await _say(mira, "1", "I have kept it"))
    hour = f"{_full_minute(SystemClock().now() + SOON):%H:%M}"
    teller.tell("Ada would like to be asked how she is, at a time that she chooses:")
    teller.quote(await _say(ada, f"check-in daily {hour}", hour))
    teller.done()


async def the_meeting_comes_near(cast: Cast, teller: Teller) -> None:
    teller.chapter("The meeting comes near")
    mira, ada = cast.walkers["mira"], cast.walkers["ada"]
    teller.tell("It is Ada's hour. She presses a button, and says no to a talk:")
    thanks = await _press(ada, "sun", "Thank you")
    teller.quote(thanks)
    no = await ada.member.reply(ada.room, thanks.event_id, "no")
    teller.quote(await _hears(ada, "contact", after=no))
    teller.tell("Reminders come in private, spread a little, and ask: will you come?")
    (first, reminder), (second, asked) = await _first_reminded(cast)
    teller.all_of(reminder)
    teller.tell(f"{_called(first)} presses a button, {_called(second)} replies with a number:")
    teller.quote(await _press(first, "yes", "Good."))
    numbered = await _hears(second, "1: ", after=asked.event_id)
    maybe = await second.member.reply(second.room, numbered.event_id, "2")
    teller.quote(await _hears(second, "welcome", after=maybe))
    teller.tell("Mira writes `!coming`, and learns numbers only:")
    teller.all_of(await _say(mira, "!coming", "1 yes, 1 maybe, 0 no"))
    teller.tell("Ada writes `meetings`:")
    teller.all_of(await _say(ada, "meetings", "1 maybe"))
    teller.done()


async def _first_reminded(cast: Cast) -> list[tuple[Walker, Line]]:
    """Wait for the first two who are reminded: each one's moment is another."""

    async def reminded(walker: Walker) -> tuple[Walker, Line]:
        return walker, await walker.hear("reminder", timeout=PATIENCE)

    inside = [walker for name, walker in cast.walkers.items() if name != "eve"]
    hearing = [asyncio.create_task(reminded(walker)) for walker in inside]
    soonest = asyncio.as_completed(hearing)
    try:
        return [await next(soonest), await next(soonest)]
    finally:
        for task in hearing:
            task.cancel()


async def _say(walker: Walker, text: str, part: str) -> Line:
    """Say something; the keeper's next message in which this stands."""
    said = await walker.say(text)
    return await _hears(walker, part, after=said)


async def _hears(walker: Walker, part: str, *, after: str) -> Line:
    def fits(line: Line) -> bool:
        told = line.type == "m.room.message" and line.readable and line.sender == walker.keeper
        return told and part in line.body

    return await walker.member.wait_for(walker.room, fits, after=after)


async def _press(walker: Walker, answer: str, part: str) -> Line:
    """Wait for a native poll with this answer, press it, and hear what the keeper says then."""

    def fits(line: Line) -> bool:
        choices = line.content.get(POLL, {}).get("answers", [])
        return line.type == POLL and answer in [choice["id"] for choice in choices]

    poll = await walker.member.wait_for(walker.room, fits, PATIENCE)
    pressed = await walker.member.vote(walker.room, poll.event_id, answer)
    return await _hears(walker, part, after=pressed)


def _called(walker: Walker) -> str:
    return walker.member.user_id[1:].partition(":")[0]


def _full_minute(moment: datetime) -> datetime:
    """Return the next full minute."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


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


async def a_worry_is_heard(cast: Cast, teller: Teller) -> None:
    teller.chapter("Ada has a worry, and somebody hears it")
    mira, jonas, ada = (cast.walkers[name] for name in ("mira", "jonas", "ada"))
    teller.tell("Ada writes `flag`. Numbers come first, then three short questions:")
    teller.quote(await ada.ask("flag", "flag_track"))
    await ada.ask("1", "flag_urgent")
    for answer in ("no", "1"):
        await ada.ask(answer, "flag_disclosure")
    await ada.say(WORRY)
    await ada.hear("flag_preview")
    teller.tell("She sees all that will be seen, and by whom, and says yes:")
    teller.quote(await ada.hear("flag_preview"))
    teller.quote(await ada.ask("yes", "flag_receipt"))
    teller.tell("Both facilitators read a number, and nothing of what she said. Mira replies 1:")
    alert, _ = await asyncio.gather(mira.hear("case_new"), jonas.hear("case_new"))
    _must(WORRY not in alert.body, "an alert says nothing of what was said")
    teller.all_of(alert)
    teller.all_of(await mira.ask("1", "case_claimed"))
    excerpt = await mira.hear("case_excerpt")
    _must(WORRY in excerpt.body, "whoever takes a case reads its words")
    teller.all_of(excerpt)
    teller.tell("Jonas learns who has it. Ada learns that somebody looks after it:")
    teller.quote(await jonas.hear("case_claimed"))
    teller.quote(await ada.hear("flag_update"))
    await _they_talk_it_over(cast, teller)
    teller.done()


async def _they_talk_it_over(cast: Cast, teller: Teller) -> None:
    """In a room for two, where the keeper is not; then it is closed."""
    mira, ada = cast.walkers["mira"], cast.walkers["ada"]
    known = {
        room for one in (mira, ada) for room in one.member.rooms() | one.member.invites().keys()
    }
    await mira.ask("!case 1 contact", "notice")
    room = await ada.member.wait_for_invite(but=known)
    for walker in (mira, ada):
        await walker.member.wait_for_invite(but=known)
        await walker.member.join(room)
    await mira.member.send(room, "Thank you for telling us. Shall we talk at seven?")
    await ada.member.wait_for_text(room, "talk at seven")
    _must(cast.installation.keeper not in await mira.member.members(room), "two are alone")
    teller.tell("They talk in a room of their own. The keeper is not in there.")
    teller.quote(await mira.ask("!case 1 close looked-after", "case_closed"))
    teller.quote(await ada.hear("flag_update"))


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
