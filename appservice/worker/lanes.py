"""Runs lanes in parallel, each in order: the loop that inbox and outbox share."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

import structlog

from appservice.errors import CirclekeeperError

log = structlog.get_logger()
IDLE_SECONDS = 0.2  # how soon a row that another process wrote (the command line) is seen
AT_ONCE = 8  # how many heads are read for each lane that may be worked on
FRESH_SECONDS = 1.0  # for so long what was read holds
PAUSE_SECONDS = 0.5  # after the database did not answer


class Row(Protocol):
    """What the loop must know of a row."""

    @property
    def lane(self) -> str: ...

    @property
    def row(self) -> int: ...


R = TypeVar("R", bound=Row)


async def rest(error: CirclekeeperError) -> None:
    """Give the database time; what was under way stands in its row still."""
    log.warning("database_not_answering", reason=str(error))
    await asyncio.sleep(PAUSE_SECONDS)


class LaneWorker(Generic[R]):
    """Takes the head of each lane and works on it, at most `width` lanes at once."""

    def __init__(
        self,
        heads: Callable[[int], Awaitable[Sequence[R]]],
        work_on: Callable[[R], Coroutine[None, None, None]],
        *,
        width: int,
    ) -> None:
        self._heads = heads
        self._work_on = work_on
        self._width = width
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._read: list[R] = []  # heads of lanes, the oldest first
        self._read_at = 0.0
        self._ended: set[int] = set()  # rows since the last reading began; they stand in it still
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at once: something new is there."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        return not self._busy

    async def run(self) -> None:
        """Work until cancelled; what is under way then is finished by the next start."""
        try:
            while True:
                await self._start_heads()
                await self._pause()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _start_heads(self) -> None:
        self._wake.clear()
        if asyncio.get_running_loop().time() > self._read_at + FRESH_SECONDS:
            self._read.clear()
        self._start()
        if len(self._busy) >= self._width:
            return
        self._ended.clear()
        try:
            self._read = list(await self._heads(self._width * AT_ONCE))
        except CirclekeeperError as error:
            await rest(error)
            return
        except Exception as error:  # noqa: BLE001  the others must still be worked on
            log.error("rows_not_read", kind=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
            return
        self._read_at = asyncio.get_running_loop().time()
        self._start()

    def _start(self) -> None:
        """Work on what was read. Of a lane that is busy it may be the very row: let it go."""
        while self._read and len(self._busy) < self._width:
            row = self._read.pop(0)
            if row.lane not in self._busy and row.row not in self._ended:
                task = asyncio.create_task(self._work_on(row))
                self._busy[row.lane] = task
                task.add_done_callback(partial(self._finished, row))

    def _finished(self, row: R, task: "asyncio.Task[None]") -> None:
        del self._busy[row.lane]
        self._ended.add(row.row)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # work_on catches what is expected; this is an accident, told without its text
            log.error("accident", kind=type(error).__name__)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            pass
