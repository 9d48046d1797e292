"""A real Synapse: from a member's yes to a flag until a facilitator's client shows the alert."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from scripts.bench.installed import Watched
from scripts.bench.table import Part, Row, step, synapse_version
from tests.support.member import Line
from tests.support.nio_member import NioMember
from tests.support.synapse import ROOT, Synapse, synapse_python
from tests.support.walker import Walker

FLAGS = 50
CHARTER = ROOT / "config" / "examples" / "standard.yaml"


@dataclass(frozen=True)
class _Pair:
    """Who raises flags, who is asked, and the rooms where that one reads."""

    reporter: Walker
    facilitator: Walker
    team: str
    own: str  # a room of the two of them, without anybody of ours


async def measure(folder: Path) -> Part:
    """Install, let a member and a facilitator in, raise flags one after another."""
    async with AsyncExitStack() as stack:
        step("alerts: installing beside a real Synapse")
        synapse = Synapse(folder / "synapse-of-alerts")
        stack.push_async_callback(synapse.stop)
        house = Watched(synapse, folder / "circlekeeper-of-alerts")
        stack.push_async_callback(house.stop)
        await house.init({})
        synapse.add_appservice(house.folder / "registration.yaml")
        await synapse.start()
        await house.run()
        pair = await _pair(house, stack)
        step(f"alerts: {FLAGS} flags")
        took = [await _round(pair, number) for number in range(1, FLAGS + 1)]
    return Part("From a flag to its alert", _about(), _rows(took))


def _about() -> str:
    return (
        f"Synapse {synapse_version(synapse_python())} with SQLite in one process, Circlekeeper"
        " with SQLite, a member and a facilitator with matrix-nio, all on one machine. The group"
        " has a facilitators' room. Each flag is taken and closed before the next one."
    )


def _rows(took: list[tuple[float, float]]) -> tuple[Row, ...]:
    alerts, plain = ([pair[at] for pair in took] for at in (0, 1))
    beyond = [alert - bare for alert, bare in took]
    return (
        Row(
            "flag to alert",
            _ms(median(alerts)),
            "from sending the yes to the preview until the alert stands decrypted in the"
            f" facilitator's client, in the private chat and in the room; median of {FLAGS},"
            f" {_spread(alerts)}",
        ),
        Row(
            "a message",
            _ms(median(plain)),
            "the homeserver's own part: an encrypted message between the same two clients, each"
            f" right before a flag; median of {FLAGS}, {_spread(plain)}",
        ),
        Row(
            "beyond the homeserver's own",
            _ms(median(beyond)),
            f"the difference, pair by pair; median of {FLAGS}, {_spread(beyond)};"
            " wanted: 1000 ms at most",
        ),
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _spread(seconds: list[float]) -> str:
    last = _ms(quantiles(seconds, n=20)[-1])
    return f"95 of 100 within {last}, slowest {_ms(max(seconds))}"


async def _pair(house: Watched, stack: AsyncExitStack) -> _Pair:
    names = [f"@{name}:{house.synapse.server_name}" for name in ("mira", "jonas")]
    group = await house.new_group("WILLOW", *names, charter=CHARTER)
    team = group["rooms"]["facilitators"]
    ada, mira = [await _enter(house, name, stack) for name in ("ada", "mira")]
    for walker in (ada, mira):
        await walker.join(group["code"])
    await mira.member.join(team)
    own = await ada.member.create_chat(mira.member.user_id)
    await mira.member.join(own)
    await ada.member.wait_for_member(own, mira.member.user_id)
    return _Pair(ada, mira, team, own)


async def _enter(house: Watched, name: str, stack: AsyncExitStack) -> Walker:
    account = await house.synapse.register_user(name)
    member = await NioMember.login(house.synapse.url, account.user_id, account.password)
    stack.push_async_callback(member.stop)
    return await Walker.meet(member, house.keeper)


async def _round(pair: _Pair, number: int) -> tuple[float, float]:
    """Return the seconds that an alert took, and a message of the two just before."""
    ada, mira = pair.reporter, pair.facilitator
    await asyncio.gather(_looked_after(pair, number - 1), _up_to_the_preview(ada))
    bare = await _message(pair, f"message {number}")
    began = time.perf_counter()
    await asyncio.gather(ada.say("yes"), mira.hear("case_new"), _in_team(pair, number))
    took = time.perf_counter() - began
    await ada.hear("flag_receipt")
    return took, bare


async def _up_to_the_preview(ada: Walker) -> None:
    """Write a flag about oneself without words: only that somebody writes to one."""
    for answer, kind in (("flag", "flag_track"), ("1", "flag_urgent"), ("no", "flag_disclosure")):
        await ada.ask(answer, kind)
    await ada.ask("2", "flag_preview")


async def _looked_after(pair: _Pair, number: int) -> None:
    """Take the flag before and close it: more about what is open would go into the same case."""
    if number:
        await pair.facilitator.ask("1", "case_claimed")
        await pair.facilitator.ask(f"!case {number} close looked-after", "case_closed")


async def _message(pair: _Pair, text: str) -> float:
    began = time.perf_counter()
    await pair.reporter.member.send(pair.own, text)
    await pair.facilitator.member.wait_for_text(pair.own, text)
    return time.perf_counter() - began


async def _in_team(pair: _Pair, number: int) -> Line:
    def fits(line: Line) -> bool:
        return line.kind == "case_new" and line.keeper["case"] == f"C-{number}"

    return await pair.facilitator.member.wait_for(pair.team, fits)
