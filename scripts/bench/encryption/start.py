"""How soon Circlekeeper encrypts and decrypts after a start, when it knows many devices."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from scripts.bench.encryption import world as made
from scripts.bench.encryption.jobs import DEVICES
from scripts.bench.encryption.ours import Ours
from scripts.bench.table import ROOT, Part, Row, step

TIMES = 5
SENDERS = 4_000
OTHERS = 2_500  # with ten devices each
SECONDS = 2.0
MEGABYTES = 150


async def measure(folder: Path) -> Part:
    """Make a large database, then start on it, five times."""
    house = folder / "start"
    await _prepare(house)
    step("a start: starting")
    measures = [_start(house) for _ in range(TIMES)]
    seconds, octets = (median(each) for each in zip(*measures, strict=True))
    megabytes = octets / 1e6
    about = (
        f"A database with {DEVICES + SENDERS + 10 * OTHERS:,} devices, {DEVICES + SENDERS:,} Olm"
        f" and {SENDERS:,} Megolm sessions. A new process opens it, encrypts a message in a room"
        f" of {DEVICES:,} devices, and decrypts an event. Medians of {TIMES}."
    )
    rows = (
        Row(
            "until both are done",
            (f"{seconds:.2f} s", _wanted(f"{SECONDS:.0f} s", right=seconds < SECONDS)),
            "from the start of the process, with Python's own start and all imports",
        ),
        Row(
            "memory",
            (f"{megabytes:.0f} MB", _wanted(f"{MEGABYTES} MB", right=megabytes < MEGABYTES)),
            "resident, afterwards",
        ),
    )
    return Part("A start with much to know", about, rows, ("value", "wanted"))


async def _prepare(house: Path) -> None:
    step("a start: making the devices")
    world = made.make(SENDERS, events=1, others=OTHERS)
    step("a start: filling the database")
    ours = Ours(house, world)
    await ours.make()
    await ours.start()
    await ours.first_keys()
    await ours.store.close()
    needed = {name: world[name] for name in ("readers", "transactions")}
    (house / "world").write_text(json.dumps(needed), "utf-8")


def _start(house: Path) -> tuple[float, int]:
    """Seconds and octets."""
    began = time.perf_counter()
    module = [sys.executable, "-m", "scripts.bench.encryption.started", str(house)]
    with subprocess.Popen(module, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101
        octets = int(process.stdout.readline())
        return time.perf_counter() - began, octets


def _wanted(limit: str, *, right: bool) -> str:
    return f"under {limit}: {'met' if right else 'missed'}"
