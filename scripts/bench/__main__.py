"""Measures what `make bench` shows, and writes docs/performance.md; takes about two minutes."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from scripts.bench import beside_stub, beside_synapse, ratchets, table


async def _parts(folder: Path) -> list[table.Part]:
    return [
        await beside_synapse.measure(folder),
        await beside_stub.measure(folder),
        ratchets.measure(),
    ]


def main() -> int:
    """Measure, print, write."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--no-page", action="store_true", help="leave docs/performance.md alone")
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="circlekeeper-bench-") as folder:
        parts = asyncio.run(_parts(Path(folder)))
    table.show(parts)
    if not given.no_page:
        table.write(parts, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
