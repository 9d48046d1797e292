"""Pushes events to the application service in order, one transaction at a time, until a 200."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

Json = dict[str, Any]

BATCH = 100


@dataclass(frozen=True)
class Delivery:
    """One attempt to deliver a transaction; `status` 0: no answer."""

    txn: str
    events: tuple[str, ...]
    status: int


class Pusher:
    """The queue towards the application service.

    `touch(stage)` is awaited before and after each attempt and may raise to break it off.
    """

    def __init__(self, touch: Callable[[str], Awaitable[None]]) -> None:
        self.url = ""
        self.hs_token = ""
        self.deliveries: list[Delivery] = []
        self.first_wait = 0.02  # seconds; doubled at each failure
        self.longest_wait = 0.5
        self.loses: Callable[[Json], bool] = lambda _: False  # events that never come by push
        self._touch = touch
        self._queue: list[Json] = []
        self._current: tuple[str, list[Json]] | None = None
        self._count = 0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = asyncio.Event()
        self._open.set()
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        while self._task is not None and not self._task.done():
            self._task.cancel()  # wait_for of Python 3.11 may swallow one, when woken just then
            await asyncio.wait([self._task], timeout=0.05)
        if self._session is not None:
            await self._session.close()

    def add(self, event: Json) -> None:
        if self.loses(event):
            return
        self._queue.append(event)
        self._idle.clear()
        self._wake.set()

    def hold(self) -> None:
        """Deliver nothing until `go_on`."""
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()
        self._wake.set()

    def retry_now(self) -> None:
        self._wake.set()

    async def drained(self) -> None:
        """Wait until everything was delivered and acknowledged."""
        await self._idle.wait()

    async def ping(self, txn: str | None) -> int:
        """POST the ping; the status, 0 if nobody answers."""
        return await self._request("POST", "/_matrix/app/v1/ping", {"transaction_id": txn})

    async def _run(self) -> None:
        wait = self.first_wait
        while True:
            await self._open.wait()
            self._wake.clear()
            if self._current is None and not self._queue:
                self._idle.set()
                await self._wake.wait()
                continue
            if self._current is None:
                self._count += 1
                self._current = (str(self._count), self._queue[:BATCH])
                del self._queue[:BATCH]
            if await self._deliver(*self._current):
                self._current = None
                wait = self.first_wait
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)
                wait = min(wait * 2, self.longest_wait)

    async def _deliver(self, txn: str, events: list[Json]) -> bool:
        status = 0
        try:
            await self._touch("before")
            path = f"/_matrix/app/v1/transactions/{txn}"
            status = await self._request("PUT", path, {"events": events})
            await self._touch("after")
        except Exception:  # noqa: BLE001  whatever the hook raises
            status = 0
        names = tuple(event["event_id"] for event in events)
        self.deliveries.append(Delivery(txn, names, status))
        return status == 200

    async def _request(self, method: str, path: str, body: Json) -> int:
        assert self._session is not None
        headers = {"Authorization": f"Bearer {self.hs_token}"}
        try:
            async with self._session.request(
                method, self.url + path, json=body, headers=headers
            ) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0
