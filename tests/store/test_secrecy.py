"""What a thief of the database sees: the bytes of file, WAL and dump show no name and no word."""

from dataclasses import replace

import pytest

from appservice.crypto import Need
from appservice.domain.application import Code
from appservice.domain.charter import Charter, Rule, Rules
from appservice.domain.effects import MakeRoom, Message, Say
from appservice.domain.entries import Entry
from appservice.domain.events import GraceEnded, KeeperInvited
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.records import Consent, Mark
from appservice.domain.types import RoomKind, Size, verbatim
from appservice.ports import Arrival, Posting, Prepared
from appservice.store import tables
from tests.store.conftest import NOON

C = "CaNaRy"
USER, ROOM, GROUP = f"@{C}user:{C}server", f"!{C}room", f"{C}group"
CHARTER = Charter(
    f"{C}name", f"{C}title", f"{C}purpose", f"{C}whom", f"{C}not", f"{C}what", f"{C}hours",
    f"{C}zone", "en", "DE", 18, Size.SMALL, False, (USER,), None,  # noqa: FBT003
    (Rules("1.0.0", "en", (Rule(1, f"{C}t", f"{C}rule"),)),), ((f"{C}field", f"{C}plan"),),
)  # fmt: skip
MESSAGE = Message("charter", (verbatim(f"{C}line"),), "en", group=f"{C}name")


async def write_everything(store):
    prepared = Prepared((("m", {USER: {C: C}}),), "m", {"c": C}, f"{C}fingerprint")
    async with store.begin() as work:
        await work.put(Person(USER, chat=ROOM))
        await work.put(Group(GROUP, "open", CHARTER, NOON, {RoomKind.CIRCLE: ROOM}))
        await work.put(Code(f"{C}-7Q4K", GROUP, NOON))
        await work.put(Mark(f"device {C}", NOON))
        consent = Consent(
            USER, GROUP, NOON, "en", "1", "h", f"{C} agree", f"${C}1", f"{C} yes", f"${C}2", 18
        )
        await work.put(consent)
        await work.put(replace(consent, withdrawn=NOON))
        await work.append(
            Entry(USER, GROUP, "rules", given=True, at=NOON, language="en", statement=f"{C} agree")
        )
        await work.wake(f"{C}timer", NOON.replace(hour=13), GraceEnded(USER, GROUP))
        await work.wake(f"{C}due", NOON, GraceEnded(USER, GROUP))
        assert await work.due(NOON, 9) == 1
        await work.keep_fact(f"{C}fact", C.encode())
        vault = await work.vault(Need(frozenset({("kind", USER)})))
        vault.put(("kind", USER, f"{C}item"), f"{C}pickle".encode())
        await work.save(vault)
    async with store.begin() as work:
        rows = [
            Arrival(f"${C}{n}", f"{C}lane{n}", "matrix", {"body": C, "type": f"{C}type"}, NOON)
            for n in range(4)
        ]
        await work.accept([*rows, Arrival(f"{C}", C, "event", KeeperInvited(ROOM, USER), NOON)])
        found = await work.arrivals(NOON, 9)
        await work.finish(found[1].row)
        await work.set_aside(found[2].row, NOON, f"{C}session")
        await work.postpone_arrival(found[3].row, NOON)
        await work.park_arrival(found[4].row, "PermanentError")
        for n, effect in enumerate(
            (Say(ROOM, MESSAGE), Say(ROOM, MESSAGE), MakeRoom(GROUP, RoomKind.CIRCLE, CHARTER))
        ):
            await work.post(Posting(f"e{n}", f"{C}lane{n}", effect, NOON, prepared=prepared))
        posting = (await work.postings(NOON, 9))[0]
        await work.prepare(posting, replace(prepared, fingerprint=f"{C}other"))
        await work.done(posting.row, f"${C}event")
        await work.remember_event("e1", f"${C}event1")


def contains_canary(data: bytes) -> bool:
    return C.lower().encode() in data.lower()


async def test_file_and_wal_show_no_canary(store, sqlite_file, database_url):
    if not database_url.startswith("sqlite"):
        pytest.skip("about SQLite's files")
    await write_everything(store)
    while_open = {path.name: path.read_bytes() for path in sqlite_file.parent.iterdir()}
    await store.close()
    data = sqlite_file.read_bytes()
    assert set(while_open) == {"circlekeeper.db", "circlekeeper.db-wal", "circlekeeper.db-shm"}
    assert len(while_open["circlekeeper.db-wal"]) > 10_000
    assert b"records" in data
    assert not any(contains_canary(part) for part in (data, *while_open.values()))


async def test_a_dump_of_all_tables_shows_no_canary(store, run_sql):
    await write_everything(store)
    rows = [
        row for name in tables.metadata.tables for row in await run_sql(f"SELECT * FROM {name}")
    ]
    assert len(rows) > 15
    for value in (value for row in rows for value in row if value is not None):
        data = value if isinstance(value, bytes) else str(value).encode()
        assert not contains_canary(data)


async def test_what_can_be_read_is_what_was_meant_to_be(store, run_sql):
    """Every column in clear is on this list; a new one must be thought about."""
    await write_everything(store)
    clear = {
        "inbox": "number name state due attempts since reason",
        "outbox": "number name state due attempts since reason id keys_sent",
        "records": "kind version",
        "ledger": "place previous commitment hash",
        "timers": "due name",
        "crypto": "kind",
        "facts": "",
    }
    for name, table in tables.metadata.tables.items():
        for row in await run_sql(f"SELECT * FROM {name}"):
            for column, value in zip(table.columns, row, strict=True):
                if value is None or column.name in clear[name].split():
                    continue
                if column.name in {"body", "prepared"}:
                    assert value[:5] == b"\x01" + bytes.fromhex(store._keys.newest)
                else:
                    assert len(value) == 32
                    assert int(value, 16) >= 0


async def test_errors_and_reprs_name_nobody(store, keys):
    async with store.begin() as work:
        vault = await work.vault(Need(frozenset({("kind", USER)})))
        assert not contains_canary(repr((store, work, vault, keys)).encode())
    assert not contains_canary(store.hash("person", USER).encode())
    assert store.hash("person", USER) == store.hash("person", USER)
    assert store.hash("person", USER) != store.hash("room", USER)
