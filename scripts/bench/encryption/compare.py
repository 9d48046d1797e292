"""Holds Circlekeeper's encryption against the limit and against other libraries, job by job."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from appservice.matrix.lines import AHEAD
from scripts.bench.encryption import world as made
from scripts.bench.encryption.jobs import JOBS, Contestant, Job, Json, Rates, by_turns
from scripts.bench.encryption.limit import Limit
from scripts.bench.encryption.ours import Ours
from scripts.bench.table import ROOT, Part, Row, step

TIMES = 5
PEERS = ("nio", "mautrix")
_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
_ABOUT = (
    "One core, no homeserver; the same devices, keys and events for all. The limit is a bare loop"
    " over vodozemac that checks the signatures, makes the JSON, and writes its pickles with"
    " Circlekeeper's settings of SQLite in one transaction; it knows the devices by heart, judges"
    " nobody, and seals nothing but the pickles. Circlekeeper and the limit work by turns in one"
    f" process: medians of {TIMES}, and the ratio is the median of the {TIMES} pairs' ratios."
    " Circlekeeper works with its store as it is shipped: SQLite in a file, every record sealed,"
    " each commit on the disk before the job is done. Where much is said, it moves the ratchet on"
    f" the disk {AHEAD} messages ahead at a time; the limit keeps it with each message."
    " The others did each job once, in processes of their own and with their own settings:"
    " matrix-nio with its SqliteStore, and outbound sessions and the replay check in memory only;"
    " mautrix-python with its PgCryptoStore on SQLite, which keeps both, but does not wait"
    " for the disk."
)


async def measure(folder: Path, *, peers: bool = True) -> Part:
    """Let Circlekeeper and the limit do every job by turns, five times; then the peers."""
    step("encryption: making the devices and the events")
    world = made.make()
    rates: dict[str, Rates] = {"ours": {}, "limit": {}}
    with _one_core():
        await _pairs(folder, world, rates)
        if peers:
            file = folder / "world"
            file.write_text(json.dumps(world), "utf-8")
            rates |= {name: _peer(name, file) for name in PEERS}
    columns = ("Circlekeeper", "limit", "ratio", "wanted", "matrix-nio", "mautrix-python")
    return Part("Encryption", _ABOUT, tuple(_row(job, rates) for job in JOBS), columns)


async def _pairs(folder: Path, world: Json, rates: dict[str, Rates]) -> None:
    ours, limit = Ours(folder / "ours", world), Limit(folder / "limit", world)
    contestants: dict[str, Contestant] = {"ours": ours, "limit": limit}
    for contestant in contestants.values():
        await contestant.make()
    for number in range(1, TIMES + 1):
        step(f"encryption: Circlekeeper and the limit, {number} of {TIMES}")
        await by_turns(contestants, rates)


def _peer(name: str, world: Path) -> Rates:
    step(f"encryption: {name}")
    module = [str(_PYTHON), "-m", f"scripts.bench.encryption.{name}_peer"]
    command = [*module, str(world), str(world.with_name(name))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    rates: Rates = json.loads(done.stdout)
    return rates


@contextmanager
def _one_core() -> Iterator[None]:
    """Nobody gains from a thread that works beside; processes begun meanwhile neither."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _row(job: Job, rates: dict[str, Rates]) -> Row:
    ours, limit = rates["ours"][job.name], rates["limit"][job.name]
    ratio = median(one / other for one, other in zip(ours, limit, strict=True))
    verdict = "met" if ratio >= job.target else "missed"
    cells = [f"{median(ours):,.0f}", f"{median(limit):,.0f}", f"{ratio:.2f}"]
    cells.append(f"{job.target}: {verdict}")
    cells += [_of_peer(job, name, rates) for name in PEERS]
    return Row(f"{job.title}, {job.unit}", tuple(cells), job.how)


def _of_peer(job: Job, name: str, rates: dict[str, Rates]) -> str:
    if name not in rates:
        return "-"
    if name == "nio" and job.kept:
        return "- (keeps none)"
    return f"{rates[name][job.name][0]:,.0f}"
