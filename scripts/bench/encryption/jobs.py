"""What is measured, and how; needs the standard library only, so that every peer can do the same.

python -m scripts.bench.encryption.nio_peer WORLD FOLDER prints the peer's rates as JSON.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

DEVICES = 1_000
SENDERS = 50
EVENTS = 5_000
MESSAGES = 300
PATIENCE = 5.0  # seconds after which no further message is encrypted
KEEPER = "@keeper:hs"
DEVICE = "KEEPER"
ROOM = "!room:hs"
CHAT = "!chat:hs"
MESSAGE = {
    "msgtype": "m.text",
    "body": "Good to have you here. We meet on Thursday at seven. " * 2,
}
Json = dict[str, Any]
Rates = dict[str, list[float]]


class Contestant(Protocol):
    """Whoever is measured; each job works on what the jobs before it left."""

    async def make(self) -> None:
        """Make an account, learn all devices, receive the senders' keys; keep it for `start`."""

    async def start(self) -> None:
        """Begin a repetition with what `make` kept."""

    async def end(self) -> None:
        """End a repetition."""

    async def first_keys(self) -> list[str]:
        """Return the bodies of /sendToDevice."""

    async def wear_out(self) -> None:
        """See to it that the room needs a new session."""

    async def further_keys(self) -> list[str]:
        """As first_keys, with the sessions that are there."""

    async def read(self) -> list[Json]:
        """Return the content of every event, in order."""

    async def say_in_room(self) -> str:
        """Return the content of the encrypted event."""

    async def say_in_chat(self) -> str:
        """As say_in_room, in a room with one other device."""


@dataclass(frozen=True)
class Job:
    """`run` returns the seconds, and how many of `unit` were done in them."""

    name: str
    title: str
    unit: str
    target: float  # of the limit
    how: str
    run: Callable[[Contestant], Awaitable[tuple[float, int]]]
    kept: bool = False  # what matters is that the ratchet is kept after each message


async def by_turns(contestants: Mapping[str, Contestant], rates: Mapping[str, Rates]) -> None:
    """Do every job once, all of them one after the other before the next job."""
    for contestant in contestants.values():
        await contestant.start()
    for job in JOBS:
        for name, contestant in contestants.items():
            gc.collect()
            gc.freeze()  # what stands around is not of this job
            seconds, count = await job.run(contestant)
            rates[name].setdefault(job.name, []).append(count / seconds)
    for contestant in contestants.values():
        await contestant.end()


def alone(make: Callable[[Path, Json], Contestant]) -> None:
    """Measure one peer in a process of its own."""
    world, folder = map(Path, sys.argv[1:])
    contestant = make(folder, json.loads(world.read_text("utf-8")))
    print(json.dumps(asyncio.run(_alone(contestant))))


async def _alone(contestant: Contestant) -> Rates:
    rates: dict[str, Rates] = {"": {}}
    await contestant.make()
    await by_turns({"": contestant}, rates)
    return rates[""]


async def _first_keys(contestant: Contestant) -> tuple[float, int]:
    seconds, bodies = await _timed(contestant.first_keys)
    return seconds, _devices(bodies)


async def _further_keys(contestant: Contestant) -> tuple[float, int]:
    await contestant.wear_out()
    seconds, bodies = await _timed(contestant.further_keys)
    return seconds, _devices(bodies)


async def _read(contestant: Contestant) -> tuple[float, int]:
    seconds, values = await _timed(contestant.read)
    assert values == [MESSAGE] * EVENTS  # noqa: S101
    return seconds, len(values)


async def _say_in_room(contestant: Contestant) -> tuple[float, int]:
    return await _say(contestant.say_in_room)


async def _say_in_chat(contestant: Contestant) -> tuple[float, int]:
    await contestant.say_in_chat()  # begins the session
    return await _say(contestant.say_in_chat)


async def _say(say: Callable[[], Awaitable[str]]) -> tuple[float, int]:
    began, count = time.perf_counter(), 0
    while count < MESSAGES and time.perf_counter() - began < PATIENCE:
        await say()
        count += 1
    return time.perf_counter() - began, count


async def _timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = await work()
    return time.perf_counter() - began, done


def _devices(bodies: list[str]) -> int:
    messages = [json.loads(body)["messages"] for body in bodies]
    count = sum(len(by_device) for by_user in messages for by_device in by_user.values())
    assert count == DEVICES  # noqa: S101
    return count


JOBS = (
    Job(
        "first_keys",
        "first keys",
        "devices/s",
        0.6,
        f"from an answer of /keys/claim: {DEVICES:,} Olm sessions, one Megolm key to each device;"
        " all sessions are kept, by Circlekeeper in one transaction too",
        _first_keys,
    ),
    Job(
        "further_keys",
        "further keys",
        "devices/s",
        0.5,
        f"a new Megolm session for the same {DEVICES:,} devices; kept as above",
        _further_keys,
    ),
    Job(
        "read",
        "reading",
        "events/s",
        0.6,
        f"{EVENTS:,} events of {SENDERS} senders, from the text of transactions to values;"
        " what was read is kept in one transaction, so that replays are refused",
        _read,
    ),
    Job(
        "say_in_room",
        "writing in a large room",
        "messages/s",
        0.4,
        f"{MESSAGES} messages for {DEVICES:,} devices, the ratchet on the disk before each",
        _say_in_room,
        kept=True,
    ),
    Job(
        "say_in_chat",
        "writing in a private chat",
        "messages/s",
        0.4,
        f"{MESSAGES} messages with one other device, the ratchet on the disk before each",
        _say_in_chat,
        kept=True,
    ),
)
