"""Everything that a database of ours holds, as somebody reads it who has its key file too."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from appservice.store import KeyFile
from appservice.store.reseal import _COLUMNS


def plaintexts(database: Path, keys: Path) -> Iterator[bytes]:
    """Every value of every table: sealed ones opened, the others as they stand there."""
    ring = KeyFile(keys).read()
    sealed = {(table.name, column): named_by for table, column, named_by in _COLUMNS}
    with closing(sqlite3.connect(f"file:{database}?mode=rw", uri=True, timeout=30)) as opened:
        opened.row_factory = sqlite3.Row
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            for row in opened.execute(f"SELECT * FROM {table}"):
                for column in row.keys():  # noqa: SIM118  a Row's values are iterated otherwise
                    value = row[column]
                    named_by = sealed.get((table, column))
                    if value is not None and named_by is not None:
                        key = " ".join(str(row[name]) for name in named_by)
                        value = ring.open(f"{table}.{column} {key}", value)
                    yield value if isinstance(value, bytes) else str(value).encode()


def hashes_of(user: str, keys: Path) -> list[bytes]:
    """The keyed hashes by which somebody is found in any table."""
    ring = KeyFile(keys).read()
    named = [
        ("records", "person", user),
        ("records", "key", user),
        ("ledger.person", user),
        ("inbox.lane", f"person {user}"),
        ("outbox.lane", f"person {user}"),
        ("log", user),
        *(("crypto.owner", kind, user) for kind in ("peer", "identity", "received")),
        *(("crypto.item", kind, user, "") for kind in ("peer", "identity", "received")),
    ]
    return [ring.hash(*parts).encode() for parts in named]


def found_in(data: bytes, *wanted: str | bytes) -> list[bytes]:
    """Which of these stand in some bytes, in any case."""
    sought = [one if isinstance(one, bytes) else one.encode() for one in wanted]
    return [one for one in sought if re.search(re.escape(one), data, re.IGNORECASE)]
