"""Two hundred noticeboards beside a real Synapse, against a bare client that only sends."""

import asyncio
import json
import sqlite3
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import aiohttp
import yaml

from appservice import main
from appservice.charter_file import read_charter
from appservice.clock import SystemClock
from appservice.config.settings import Settings
from appservice.domain.group import Group
from appservice.domain.records import Room
from appservice.domain.rooms import creation_content, expected_state
from appservice.domain.types import GroupId, RoomId, RoomKind, UserId, derive
from appservice.texts import load
from scripts.bench.installed import Watched
from scripts.bench.table import ROOT, Part, Row, step
from tests.support.many_groups import let_all_meet
from tests.support.nio_member import NioMember
from tests.support.synapse import Synapse

BOARDS = 200
AT_ONCE = 8  # requests of the bare client; more make Synapse no faster
TURNS = 11  # two processes share two cores with Synapse: one turn alone tells little
AHEAD = timedelta(seconds=8)
LOOK_EVERY = 0.05
PATIENCE = 300.0
WANTED = 1.3
VERSION = "12"
BOARD = RoomKind.NOTICEBOARD


async def measure(folder: Path) -> Part:
    """Send to all boards by turns: as Circlekeeper does, and ready-made by a bare client."""
    async with AsyncExitStack() as stack:
        step("noticeboards: installing")
        synapse = Synapse(folder / "boards-synapse")
        stack.push_async_callback(synapse.stop)
        house = Watched(synapse, folder / "boards")
        stack.push_async_callback(house.stop)
        await house.init({})
        synapse.add_appservice(house.folder / "registration.yaml")
        await synapse.start()
        await house.run()
        clock, settings = SystemClock(), Settings.load(house.folder / "circlekeeper.yaml", {})
        store = await main.open_store(settings, clock)
        stack.push_async_callback(store.close)
        account = await synapse.register_user("reader")
        reader = await NioMember.login(synapse.url, account.user_id, account.password)
        stack.push_async_callback(reader.stop)
        boards = await _boards(house, settings, store, reader)
        await house.stop()
        await house.run()  # it learns of the rooms
        step("noticeboards: the first reminders, with keys")
        await _reminded(house, store, boards, 1)
        pairs = []
        for turn in range(TURNS):
            step(f"noticeboards: turn {turn + 1} of {TURNS}")
            ours = await _reminded(house, store, boards, turn + 2)
            await asyncio.sleep(AHEAD.total_seconds())  # as quiet before as it was before ours
            pairs.append((ours, await _bare(house, boards, turn)))
    return _part(pairs)


async def _boards(
    house: Watched, settings: Settings, store: Any, reader: NioMember
) -> dict[GroupId, RoomId]:
    """Make the noticeboards as the steward does, with one who reads them, and their records."""
    known = main.house_of(settings, SystemClock(), load())
    charter = read_charter(ROOT / "config" / "examples" / "standard.yaml")
    boards: dict[GroupId, RoomId] = {}
    for number in range(BOARDS):
        if not number % 50:
            step(f"noticeboards: {number} of {BOARDS} made")
        own = replace(charter, name=f"Willow {number}", facilitators=(), lead=None, zone="UTC")
        state = expected_state(BOARD, own, known, VERSION)
        body = {
            "room_version": VERSION,
            "creation_content": dict(creation_content(own)),
            "initial_state": [{"type": kind, "content": dict(state[kind])} for kind in state],
            "invite": [house.keeper, reader.user_id],
        }
        made = await house.as_service("POST", "/createRoom", house.steward, body)
        room = RoomId(made["room_id"])
        await house.as_service("POST", f"/join/{quote(room, safe='')}", house.keeper, {})
        await reader.call("POST", f"/join/{quote(room, safe='')}", {})
        group = GroupId(derive("board", str(number)))
        boards[group] = room
        reads = (UserId(reader.user_id),)
        async with store.begin() as work:
            rooms = {BOARD: room}
            await work.put(Group(group, "open", own, SystemClock().now(), rooms))
            await work.put(Room(room, BOARD, group, None, encrypted=True, members=reads))
    return boards


async def _reminded(
    house: Watched, store: Any, boards: dict[GroupId, RoomId], number: int
) -> float:
    """Return the seconds from the moment when all are due until the last has been sent."""
    clock = SystemClock()
    due = (clock.now() + AHEAD).replace(microsecond=0)
    await let_all_meet(store, tuple(boards), number, due)
    await asyncio.sleep((due - clock.now()).total_seconds())
    began = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        while await _done(house) < number * len(boards):  # noqa: ASYNC110 - another process
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began


async def _done(house: Watched) -> int:
    """Count what the outbox has sent, without asking Synapse, whose time is measured."""
    return await asyncio.to_thread(_count, house.folder / "circlekeeper.db")


def _count(database: Path) -> int:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        asked = "SELECT count(*) FROM outbox WHERE name = 'Say' AND state = 'done'"
        return int(connection.execute(asked).fetchone()[0])
    finally:
        connection.close()


async def _bare(house: Watched, boards: dict[GroupId, RoomId], turn: int) -> float:
    """Send as many ready-made events of the same size and device, with nothing else to do."""
    registration = yaml.safe_load((house.folder / "registration.yaml").read_text())
    headers = {
        "Authorization": f"Bearer {registration['as_token']}",
        "Content-Type": "application/json",
    }
    devices = await house.as_service("GET", "/devices", house.keeper)
    device = devices["devices"][0]["device_id"]
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "A" * 790,
        "session_id": "A" * 43,
        "sender_key": "A" * 43,
        "device_id": device,
    }
    octets, waiting = json.dumps(content).encode(), list(boards.values())
    where = {"user_id": house.keeper, "device_id": device}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def send() -> None:
            while waiting:
                room = waiting.pop()
                path = f"/rooms/{quote(room, safe='')}/send/m.room.encrypted/bare-{turn}"
                address = f"{house.synapse.url}/_matrix/client/v3{path}"
                async with session.put(address, data=octets, params=where) as answer:
                    answer.raise_for_status()
                    await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(AT_ONCE)))
        return time.perf_counter() - began


def _part(pairs: list[tuple[float, float]]) -> Part:
    ours, bare = (median(turns) for turns in zip(*pairs, strict=True))
    ratios = sorted(one / other for one, other in pairs)
    ratio = median(ratios)
    met = "met" if ratio <= WANTED else "missed"
    rows = (
        Row("Circlekeeper", f"{ours:.1f} s", "from the moment when all are due to the last send"),
        Row("a bare client", f"{bare:.1f} s", f"ready-made events, {AT_ONCE} requests at once"),
        Row(
            "ratio",
            f"{ratio:.2f}",
            f"from {ratios[0]:.2f} to {ratios[-1]:.2f}; wanted: at most {WANTED}: {met}",
        ),
    )
    about = (
        f"{BOARDS} noticeboards in one go, beside a real Synapse with SQLite in one process; room"
        f" keys had been sent before. Both by turns in one run: medians of {TURNS}, and the"
        " ratio is that of the pairs' ratios."
    )
    return Part("Two hundred noticeboards", about, rows)
