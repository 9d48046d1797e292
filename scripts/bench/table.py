"""What was measured, as a table for a terminal and as docs/performance.md."""

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from appservice.clock import SystemClock

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
_began = time.monotonic()
_console = Console(highlight=False, soft_wrap=True)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Row:
    """One measure: what, how much with its unit (in each column), and how it was taken."""

    what: str
    value: str | tuple[str, ...]
    how: str

    @property
    def values(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value


@dataclass(frozen=True)
class Part:
    """Measures that belong together."""

    title: str
    about: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ("value",)


def step(text: str) -> None:
    """Tell whoever waits what is being measured now."""
    _errors.print(f"{time.monotonic() - _began:5.0f} s  {text}", style="dim", markup=False)


def show(parts: list[Part]) -> None:
    """Print everything."""
    _console.print(f"Measured on {machine()}")
    for part in parts:
        table = Table(part.title, *part.columns)
        for row in part.rows:
            table.add_row(row.what, *row.values)
        _console.print(table)


def write(parts: list[Part], load: float) -> None:
    """Write the page; what it says is what was measured in this run."""
    about = (
        "What `make bench` measured when it last wrote this page. Other machines give other"
        " numbers, so run it on yours."
    )
    measured = (
        f"Measured on {machine()}, {SystemClock().now():%Y-%m-%d}. The load of the machine"
        f" before the run was {load:.1f}."
    )
    lines = ["# Performance", "", about, "", measured]
    for part in parts:
        lines += ["", f"## {part.title}", "", part.about, ""]
        lines += [
            _line("measure", *part.columns, "how"),
            _line(*["---"] * (len(part.columns) + 2)),
        ]
        lines += [_line(row.what, *row.values, row.how) for row in part.rows]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _console.print(f"Written: {PAGE.relative_to(ROOT)}")


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Name the processor, how many cores of it we may use, and the Python."""
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, Python {platform.python_version()}"


def synapse_version(python: str) -> str:
    """Return the version of Synapse that this interpreter has."""
    told = "from importlib.metadata import version; print(version('matrix-synapse'))"
    done = subprocess.run([python, "-c", told], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
