"""The loop of inbox and outbox: each row once, a lane in order, and few looks at the table."""

import asyncio
from dataclasses import dataclass, field

import pytest

from appservice.worker import lanes
from appservice.worker.lanes import LaneWorker


@dataclass
class Table:
    """Rows as the store has them: the head of each lane, the oldest first."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    done: list[tuple[int, str]] = field(default_factory=list)
    reads: int = 0

    async def heads(self, limit: int) -> list["Row"]:
        self.reads += 1
        first: dict[str, Row] = {}
        for number, lane in self.rows:
            first.setdefault(lane, Row(number, lane))
        return list(first.values())[:limit]

    async def work_on(self, row: "Row") -> None:
        await asyncio.sleep(0)
        self.rows.remove((row.row, row.lane))
        self.done.append((row.row, row.lane))


@dataclass(frozen=True)
class Row:
    row: int
    lane: str


async def worked_off(table: Table, width: int = 4) -> None:
    worker: LaneWorker[Row] = LaneWorker(table.heads, table.work_on, width=width)
    task = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(10):
            while table.rows:
                await asyncio.sleep(0.001)
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_many_lanes_take_few_looks():
    table = Table([(number, f"lane {number}") for number in range(200)])
    await worked_off(table)
    assert table.done == [(number, f"lane {number}") for number in range(200)]
    assert table.reads < 20


async def test_a_lane_keeps_its_order_and_no_row_comes_twice():
    table = Table([(number, f"lane {number % 7}") for number in range(100)])
    await worked_off(table)
    assert len(table.done) == 100
    for lane in range(7):
        assert [n for n, name in table.done if name == f"lane {lane}"] == list(range(lane, 100, 7))


async def test_what_was_read_long_ago_is_read_again(monkeypatch):
    monkeypatch.setattr(lanes, "FRESH_SECONDS", -1.0)
    table = Table([(number, f"lane {number}") for number in range(40)])
    await worked_off(table)
    assert table.reads >= 10
    assert len(table.done) == 40


class SlowTable(Table):
    """While it is read, rows that it has read come to their end."""

    async def heads(self, limit: int) -> list["Row"]:
        found = await super().heads(limit)
        await asyncio.sleep(0.003)
        return found

    async def work_on(self, row: "Row") -> None:
        self.done.append((row.row, row.lane))
        await asyncio.sleep(0.001)
        if (row.row, row.lane) in self.rows:
            self.rows.remove((row.row, row.lane))


async def test_what_ended_while_it_was_read_does_not_come_again():
    table = SlowTable([(number, f"lane {number % 5}") for number in range(60)])
    await worked_off(table, width=3)
    assert sorted(table.done) == [(number, f"lane {number % 5}") for number in range(60)]
