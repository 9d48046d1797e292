"""What is known of people, rooms and groups: whole records, found by key, person or group."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Column, Executable, bindparam, delete, select, update

from appservice.domain.records import Record
from appservice.domain.types import GroupId, UserId
from appservice.errors import StorageError
from appservice.store import tables
from appservice.store.codec import RECORDS, dumps, loads
from appservice.store.scope import CHUNK, Scope, insert, place, within

R = TypeVar("R", bound=Record)
TABLE = tables.records
_OF_KIND = select(TABLE).where(within(TABLE.c.kind, "kinds"))
_BY = {
    column.name: _OF_KIND.where(within(column, "hashes"))
    for column in (TABLE.c.key, TABLE.c.person_hash, TABLE.c.group_hash)
}
_THIS = (TABLE.c.kind == bindparam("this_kind"), TABLE.c.key == bindparam("this_key"))
_AS_SEEN = TABLE.c.version == bindparam("seen")
_REPLACED = (
    update(TABLE)
    .where(*_THIS, _AS_SEEN)
    .values({name: bindparam(name) for name in ("version", "person_hash", "group_hash", "body")})
)
_DROPPED = delete(TABLE).where(*_THIS)
_DROPPED_AS_SEEN = _DROPPED.where(_AS_SEEN)


class Records:
    """Records of one transaction.

    A record that was read here and changed elsewhere since is not overwritten: `put` and `drop`
    then raise StorageError, and the same step, done again, sees the newer record.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._seen: dict[tuple[str, str], int] = {}  # (kind, key hash) -> version; 0: was missing

    async def get(self, kind: type[R], key: str) -> R | None:
        found = await self.several(kind, [key])
        return found[0] if found else None

    async def several(self, kind: type[R], keys: Collection[str]) -> Sequence[R]:
        hashed = [self._hash("key", kind.kind, key) for key in dict.fromkeys(keys)]
        self._seen |= {(kind.kind, one): 0 for one in hashed}
        return await self._load(kind, TABLE.c.key, hashed)

    async def find(
        self,
        kinds: Collection[type[Record]],
        *,
        users: Collection[UserId] = (),
        groups: Collection[GroupId] = (),
    ) -> Sequence[Record]:
        people = [self._hash("person", user) for user in users]
        hashed = [self._hash("group", group) for group in groups]
        found = await self._within(kinds, TABLE.c.person_hash, people)
        return [*found, *await self._within(kinds, TABLE.c.group_hash, hashed)]

    async def of_person(self, kind: type[R], user: UserId) -> Sequence[R]:
        return await self._load(kind, TABLE.c.person_hash, [self._hash("person", user)])

    async def of_group(self, kind: type[R], group: GroupId) -> Sequence[R]:
        return await self._load(kind, TABLE.c.group_hash, [self._hash("group", group)])

    async def all(self, kind: type[R]) -> Sequence[R]:
        return cast("list[R]", await self._select(_OF_KIND, kinds=[kind.kind]))

    async def put(self, record: Record) -> None:
        kind, hashed = record.kind, self._hash("key", record.kind, record.key)
        person, group = record.indexed
        values = {
            "person_hash": None if person is None else self._hash("person", person),
            "group_hash": None if group is None else self._hash("group", group),
            "body": self._scope.keys.seal(_place(kind, hashed), dumps(RECORDS.plain(record))),
        }
        if not self._scope.postgres:  # one writer: what was read here is so still
            row = {"kind": kind, "key": hashed, "version": 1, **values}
            await self._scope.run_each(_overwriting(postgres=False), [row])
        elif seen := self._seen.get((kind, hashed)):
            await self._replace(kind, hashed, seen, values)
        else:
            await self._write(kind, hashed, values, known_missing=seen == 0)

    async def drop(self, record: Record) -> None:
        kind, hashed = record.kind, self._hash("key", record.kind, record.key)
        seen = self._seen.pop((kind, hashed), None)
        this = {"this_kind": kind, "this_key": hashed}
        if not (seen and self._scope.postgres):
            await self._scope.run_each(_DROPPED, [this])
        elif not await self._scope.run(_DROPPED_AS_SEEN, {**this, "seen": seen}):
            raise _overtaken()

    async def plain_of(self, user: UserId) -> list[tuple[str, dict[str, Any]]]:
        """Return (kind, what JSON holds) of every record of somebody's."""
        found = select(TABLE).where(TABLE.c.person_hash == self._hash("person", user))
        plain = []
        for row in await self._scope.rows(found.order_by(TABLE.c.kind, TABLE.c.key)):
            held = loads(self._scope.keys.open(_place(row.kind, row.key), row.body))
            plain.append((row.kind, {"kind": row.kind, **{k: v for k, v in held.items() if k}}))
        return plain

    async def forget(self, user: UserId, *, but: str) -> None:
        """Delete every record of somebody's, save those of one kind."""
        columns = TABLE.c
        theirs = columns.person_hash == self._hash("person", user)
        await self._scope.run(delete(TABLE).where(theirs, columns.kind != but))

    async def _load(self, kind: type[R], column: Column[Any], hashes: Sequence[str]) -> list[R]:
        return cast("list[R]", await self._within([cast("Any", kind)], column, hashes))

    async def _within(
        self, kinds: Collection[type[Record]], column: Column[Any], hashes: Sequence[str]
    ) -> list[Record]:
        names = [kind.kind for kind in kinds]
        found: list[Record] = []
        for start in range(0, len(hashes), CHUNK):
            some = hashes[start:][:CHUNK]
            found += await self._select(_BY[column.name], kinds=names, hashes=some)
        return found

    async def _select(self, statement: Executable, **values: Sequence[str]) -> list[Record]:
        found = []
        for row in await self._scope.rows(statement, values):
            self._seen[row.kind, row.key] = row.version
            plain = loads(self._scope.keys.open(_place(row.kind, row.key), row.body))
            found.append(RECORDS.value(plain))
        return sorted(found, key=lambda record: record.key)

    async def _replace(self, kind: str, hashed: str, seen: int, values: dict[str, Any]) -> None:
        this = {"this_kind": kind, "this_key": hashed, "seen": seen, "version": seen + 1}
        if not await self._scope.run(_REPLACED, {**this, **values}):
            raise _overtaken()
        self._seen[kind, hashed] = seen + 1

    async def _write(
        self, kind: str, hashed: str, values: dict[str, Any], *, known_missing: bool
    ) -> None:
        scope = self._scope
        statement = (
            scope.insert_new(TABLE, "kind", "key", returning="version")
            if known_missing
            else _overwriting(postgres=True)
        )
        row = {"kind": kind, "key": hashed, "version": 1, **values}
        written = await scope.rows(statement, [row])
        if not written:
            raise _overtaken()
        self._seen[kind, hashed] = written[0].version

    def _hash(self, *parts: str) -> str:
        return self._scope.keys.hash("records", *parts)


@cache
def _overwriting(*, postgres: bool) -> Executable:
    """Return an INSERT that overwrites a record of the same key, whoever wrote it."""
    statement = insert(TABLE, postgres=postgres)
    changed = {name: statement.excluded[name] for name in ("person_hash", "group_hash", "body")}
    overwriting = statement.on_conflict_do_update(
        index_elements=["kind", "key"], set_={**changed, "version": TABLE.c.version + 1}
    )
    return overwriting.returning(TABLE.c.version) if postgres else overwriting


def _place(kind: str, hashed: str) -> str:
    return place(TABLE, "body", f"{kind} {hashed}")


def _overtaken() -> StorageError:
    return StorageError("a record was changed by another instance at the same time")
