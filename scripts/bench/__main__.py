"""Measures what `make bench` shows, and writes docs/performance.md; takes a few minutes."""

import argparse
import asyncio
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from scripts.bench import (
    alerts,
    beside_stub,
    beside_synapse,
    boards,
    reminders,
    rules_change,
    table,
)
from scripts.bench.encryption import compare, start

_PARTS = {
    "synapse": beside_synapse.measure,
    "alerts": alerts.measure,
    "stub": beside_stub.measure,
    "rules": rules_change.measure,
    "reminders": reminders.measure,
    "boards": boards.measure,
    "encryption": compare.measure,
    "start": start.measure,
    "limit": partial(compare.measure, peers=False),  # encryption without the slow peers
}
_PAGE = ["synapse", "alerts", "stub", "rules", "reminders", "boards", "encryption", "start"]


async def _parts(folder: Path, names: list[str]) -> list[table.Part]:
    return [await _PARTS[name](folder) for name in names]


def main() -> int:
    """Measure, print, write."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--no-page", action="store_true", help="leave docs/performance.md alone")
    options.add_argument("--only", choices=_PARTS, help="measure this part; writes no page")
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="circlekeeper-bench-") as folder:
        parts = asyncio.run(_parts(Path(folder), [given.only] if given.only else _PAGE))
    table.show(parts)
    if not (given.no_page or given.only):
        table.write(parts, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
