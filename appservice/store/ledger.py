"""The record of consents: lines that are only ever added, each bound to all before it.

A line holds a commitment, SHA-256 of a random salt and the entry, and a hash over its place, the
line before it and the commitment. To erase a line is to delete salt and entry: what is left proves
that the chain is whole, and tells nothing (without the salt nobody can try out what it was).
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from appservice.domain.entries import Entry, Erasure
from appservice.domain.types import GroupId, UserId
from appservice.errors import PermanentError
from appservice.store import tables
from appservice.store.codec import ENTRIES, dumps, loads
from appservice.store.columns import pack, unpack
from appservice.store.facts import Facts
from appservice.store.scope import Scope, place

TABLE = tables.ledger
_SALT = 32  # bytes
_MARK = b"circlekeeper consent 1"


@dataclass(frozen=True)
class Chain:
    """The lines of one group: how many, how many were erased, and whether they are whole."""

    group: str  # its keyed hash
    lines: int
    erased: int
    head: str  # hash of the last line, hex
    fault: str | None = None  # what is wrong, in words for the operator


class Ledger:
    """The record in one transaction; each group has a chain of its own."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def append(self, entry: Entry) -> None:
        group = self._group(entry.group)
        if self._scope.postgres:
            await self._scope.rows(select(func.pg_advisory_xact_lock(_lock_of(group))))
        number, previous = await self._head(group)
        salt, body = secrets.token_bytes(_SALT), dumps(ENTRIES.plain(entry))
        commitment = _commitment(salt, body)
        hashed = _hash(number + 1, previous, commitment)
        values = {
            "group_hash": group,
            "place": number + 1,
            "previous": previous,
            "commitment": commitment,
            "hash": hashed,
            "person_hash": self._person(entry.user),
            "body": self._scope.keys.seal(_where(group, number + 1), pack(salt, body)),
        }
        await self._scope.run_each(insert(TABLE), [values])
        # the end of the chain, sealed: a line that is cut off at the end would leave no gap
        await Facts(self._scope).keep(_end(group), b"%d %s" % (number + 1, hashed.hex().encode()))

    async def entries(self, user: UserId) -> Sequence[Entry]:
        found = await self._scope.rows(
            select(TABLE).where(TABLE.c.person_hash == self._person(user))
        )
        read = [self._read(row)[1] for row in found]
        return sorted((ENTRIES.value(loads(body)) for body in read), key=lambda entry: entry.at)

    async def erase(self, erasure: Erasure) -> int:
        statement = update(TABLE).where(TABLE.c.person_hash == self._person(erasure.user))
        if erasure.group is not None:
            statement = statement.where(TABLE.c.group_hash == self._group(erasure.group))
        return await self._scope.run(statement.values(person_hash=None, body=None))

    async def verify(self, groups: Iterable[GroupId]) -> tuple[Chain, ...]:
        """Check every line, of these groups and of any other; a fault is told, not raised."""
        rows = await self._scope.rows(select(TABLE).order_by(TABLE.c.group_hash, TABLE.c.place))
        chains: dict[str, list[Any]] = {self._group(group): [] for group in groups}
        for row in rows:
            chains.setdefault(row.group_hash, []).append(row)
        return tuple([await self._chain(*chain) for chain in sorted(chains.items())])

    async def _chain(self, group: str, rows: list[Any]) -> Chain:
        fault = next(self._faults(group, rows), None)
        try:
            told = await Facts(self._scope).get(_end(group))
        except PermanentError:
            told, fault = None, fault or "what keeps its end is damaged"
        head = rows[-1].hash.hex() if rows else ""
        if fault is None and (told or b"0 ") != b"%d %s" % (len(rows), head.encode()):
            fault = "lines are missing at the end"
        erased = sum(row.body is None for row in rows)
        return Chain(group, len(rows), erased, head, fault)

    def _faults(self, group: str, rows: list[Any]) -> Iterator[str]:
        previous = _genesis(group)
        for number, row in enumerate(rows, start=1):
            if row.place != number:
                yield f"line {number} is missing"
                return
            if row.previous != previous or row.hash != _hash(number, previous, row.commitment):
                yield f"line {number} does not follow from the one before it"
            if row.body is not None and not self._committed(row):
                yield f"line {number} does not say what it was written with"
            previous = row.hash

    def _committed(self, row: Any) -> bool:
        try:
            salt, body = self._read(row)
        except PermanentError:
            return False
        return bool(_commitment(salt, body) == row.commitment)

    def _read(self, row: Any) -> tuple[bytes, bytes]:
        sealed = self._scope.keys.open(_where(row.group_hash, row.place), row.body)
        salt, body = unpack(sealed)
        return salt, body

    async def _head(self, group: str) -> tuple[int, bytes]:
        newest = (
            select(TABLE.c.place, TABLE.c.hash)
            .where(TABLE.c.group_hash == group)
            .order_by(TABLE.c.place.desc())
            .limit(1)
        )
        for row in await self._scope.rows(newest):
            return row.place, row.hash
        return 0, _genesis(group)

    def _group(self, group: GroupId) -> str:
        return self._scope.keys.hash("ledger.group", group)

    def _person(self, user: UserId) -> str:
        return self._scope.keys.hash("ledger.person", user)


def _commitment(salt: bytes, body: bytes) -> bytes:
    return hashlib.sha256(salt + body).digest()


def _hash(number: int, previous: bytes, commitment: bytes) -> bytes:
    return hashlib.sha256(_MARK + b" %d " % number + previous + commitment).digest()


def _genesis(group: str) -> bytes:
    return hashlib.sha256(_MARK + group.encode()).digest()


def _where(group: str, number: int) -> str:
    return place(TABLE, "body", f"{group} {number}")


def _end(group: str) -> str:
    return f"end of the ledger of {group}"


def _lock_of(group: str) -> int:
    return int(group[:15], 16)
