"""Holds Circlekeeper's encryption against the limit, job by job, in one process on one core."""

import gc
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from scripts.bench.encryption import world as made
from scripts.bench.encryption.limit import Limit
from scripts.bench.encryption.ours import Ours
from scripts.bench.table import Part, Row, step

TIMES = 5
MESSAGES = 300
PATIENCE = 10.0  # seconds after which no further message is encrypted
Rates = dict[str, list[float]]


class Contestant(Protocol):
    """Whoever is measured; each job works on what the jobs before it left."""

    async def make(self) -> None: ...
    async def start(self) -> None: ...
    async def end(self) -> None: ...
    async def first_keys(self) -> list[str]: ...
    async def wear_out(self) -> None: ...
    async def further_keys(self) -> list[str]: ...
    async def read(self) -> list[Any]: ...
    async def say_in_room(self) -> str: ...
    async def say_in_chat(self) -> str: ...


@dataclass(frozen=True)
class Job:
    """`run` returns the seconds and how many of `unit` were done in them."""

    name: str
    title: str
    unit: str
    target: float
    run: Callable[[Contestant], Awaitable[tuple[float, int]]]


async def measure(folder: Path) -> Part:
    """Let both do every job by turns, five times."""
    step("encryption: making the devices and the events")
    world = made.make()
    contestants: dict[str, Contestant] = {
        "ours": Ours(folder / "ours", world),
        "limit": Limit(folder / "limit", world),
    }
    for contestant in contestants.values():
        await contestant.make()
    rates: dict[str, Rates] = {name: {job.name: [] for job in JOBS} for name in contestants}
    with _one_core():
        for time_ in range(1, TIMES + 1):
            step(f"encryption: time {time_} of {TIMES}")
            await _once(contestants, rates)
    return _part(rates)


async def _once(contestants: dict[str, Contestant], rates: dict[str, Rates]) -> None:
    for contestant in contestants.values():
        await contestant.start()
    for job in JOBS:
        for name, contestant in contestants.items():
            gc.collect()
            seconds, count = await job.run(contestant)
            rates[name][job.name].append(count / seconds)
    for contestant in contestants.values():
        await contestant.end()


async def _first_keys(contestant: Contestant) -> tuple[float, int]:
    seconds, bodies = await _timed(contestant.first_keys)
    return seconds, _devices(bodies)


async def _further_keys(contestant: Contestant) -> tuple[float, int]:
    await contestant.wear_out()
    seconds, bodies = await _timed(contestant.further_keys)
    return seconds, _devices(bodies)


async def _read(contestant: Contestant) -> tuple[float, int]:
    seconds, values = await _timed(contestant.read)
    assert values == [made.MESSAGE] * made.EVENTS  # noqa: S101
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
    assert count == made.DEVICES  # noqa: S101
    return count


JOBS = (
    Job("first_keys", "first keys from an answer of /keys/claim", "devices", 0.6, _first_keys),
    Job("further_keys", "rotate, and share with the same devices", "devices", 0.5, _further_keys),
    Job("read", "decrypt the events of transactions", "events", 0.6, _read),
    Job("say_in_room", "encrypt a message in the room", "messages", 0.4, _say_in_room),
    Job("say_in_chat", "encrypt a message in a private chat", "messages", 0.4, _say_in_chat),
)


@contextmanager
def _one_core() -> Iterator[None]:
    """Nobody gains from a thread that works beside."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _part(rates: dict[str, Rates]) -> Part:
    rows = []
    for job in JOBS:
        ours, limit = rates["ours"][job.name], rates["limit"][job.name]
        ratio = median(a / b for a, b in zip(ours, limit, strict=True))
        met = "met" if ratio >= job.target else "missed"
        value = f"{median(ours):,.0f} / {median(limit):,.0f} {job.unit}/s ({ratio:.2f})"
        rows.append(Row(job.title, value, f"at least {job.target}: {met}"))
    return Part("Encryption", "", tuple(rows))
