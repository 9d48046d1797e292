"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HASH = sa.String(32)
_NAME = sa.String(64)


def upgrade() -> None:
    _create_box(
        "inbox",
        sa.Column("id", _HASH, nullable=False, unique=True),
        sa.Column("waiting_for", _HASH),
    )
    _create_partial_index("inbox_waiting", "inbox", ["waiting_for"], "waiting_for IS NOT NULL")
    _create_box(
        "outbox",
        sa.Column("id", _NAME, nullable=False, unique=True),
        sa.Column("keys_sent", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", _HASH),
        sa.Column("event", _HASH),
        sa.Column("prepared", sa.LargeBinary()),
    )
    op.create_index("ix_outbox_fingerprint", "outbox", ["fingerprint"])
    op.create_index("ix_outbox_event", "outbox", ["event"])
    _create_records()
    _create_sealed("timers", "key", sa.Column("due", sa.BigInteger(), nullable=False), _name())
    op.create_index("ix_timers_due", "timers", ["due"])
    _create_sealed("crypto", "item", sa.Column("owner", _HASH, nullable=False), _name("kind"))
    op.create_index("ix_crypto_owner", "crypto", ["owner"])
    _create_sealed("facts", "name")


def _create_box(name: str, *more: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("number", _ROW, primary_key=True, autoincrement=True),
        sa.Column("lane", _HASH),
        _name(),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("body", sa.LargeBinary()),
        *more,
        sqlite_autoincrement=True,
    )
    columns = ["lane", "number", "state", "due"]
    _create_partial_index(f"{name}_open", name, columns, "lane IS NOT NULL")


def _create_records() -> None:
    op.create_table(
        "records",
        sa.Column("kind", _NAME, primary_key=True),
        sa.Column("key", _HASH, primary_key=True),
        sa.Column("person_hash", _HASH),
        sa.Column("group_hash", _HASH),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("records_person", "records", ["kind", "person_hash"])
    op.create_index("records_group", "records", ["kind", "group_hash"])


def _create_sealed(name: str, key: str, *more: sa.Column[object]) -> None:
    body = sa.Column("body", sa.LargeBinary(), nullable=False)
    op.create_table(name, sa.Column(key, _HASH, primary_key=True), *more, body)


def _create_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _name(column: str = "name") -> "sa.Column[object]":
    return sa.Column(column, _NAME, nullable=False)
