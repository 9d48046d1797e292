"""The tables: what stands in clear (numbers, times, states, names of kinds) and what is sealed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

HASH = String(32)  # a keyed hash, hex
ROW = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows in INTEGER only
NAME = String(64)  # of a class or a kind

NEW, ASIDE, PARKED, DONE = "new", "aside", "parked", "done"


def _box(name: str, *more: Column[object]) -> Table:
    """Make a queue; `lane` is null as soon as a row is done, so the index holds open rows only."""
    table = Table(
        name,
        metadata,
        Column("number", ROW, primary_key=True, autoincrement=True),
        Column("lane", HASH),
        Column("name", NAME, nullable=False),
        Column("state", String(8), nullable=False),
        Column("due", BigInteger, nullable=False),  # microseconds since 1970, as all times
        Column("attempts", Integer, nullable=False),
        Column("since", BigInteger, nullable=False),  # accepted or written; parked
        Column("reason", String(200)),  # why it is parked; never an id, never content
        Column("body", LargeBinary),  # sealed; null when done
        *more,
        sqlite_autoincrement=True,  # a number is never given twice
    )
    Index(
        f"{name}_open",
        table.c.lane,
        table.c.number,
        table.c.state,
        table.c.due,
        sqlite_where=table.c.lane.is_not(None),
        postgresql_where=table.c.lane.is_not(None),
    )
    return table


inbox = _box(
    "inbox",
    Column("id", HASH, nullable=False, unique=True),  # of the cause: nothing arrives twice
    Column("waiting_for", HASH),
)
Index(
    "inbox_waiting",
    inbox.c.waiting_for,
    sqlite_where=inbox.c.waiting_for.is_not(None),
    postgresql_where=inbox.c.waiting_for.is_not(None),
)

outbox = _box(
    "outbox",
    Column("id", NAME, nullable=False, unique=True),  # the effect id
    Column("keys_sent", Boolean, nullable=False),
    Column("fingerprint", HASH, index=True),
    Column("event", HASH, index=True),
    Column("prepared", LargeBinary),  # sealed; null when done
)

records = Table(
    "records",
    metadata,
    Column("kind", NAME, primary_key=True),
    Column("key", HASH, primary_key=True),
    Column("person_hash", HASH),
    Column("group_hash", HASH),
    Column("version", Integer, nullable=False),  # rises with every change
    Column("body", LargeBinary, nullable=False),
    Index("records_person", "kind", "person_hash"),
    Index("records_group", "kind", "group_hash"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("group_hash", HASH, primary_key=True),
    Column("place", Integer, primary_key=True),  # from 1 on, in each group
    Column("previous", LargeBinary, nullable=False),  # SHA-256, as the next two
    Column("commitment", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("person_hash", HASH, index=True),  # null when erased
    Column("body", LargeBinary),  # sealed: salt and entry; null when erased
)

timers = Table(
    "timers",
    metadata,
    Column("key", HASH, primary_key=True),
    Column("due", BigInteger, nullable=False, index=True),
    Column("name", NAME, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

crypto = Table(
    "crypto",
    metadata,
    Column("item", HASH, primary_key=True),  # of kind, owner and item
    Column("owner", HASH, nullable=False, index=True),  # of kind and owner
    Column("kind", NAME, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("name", HASH, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
