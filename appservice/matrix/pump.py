"""Fetches to-device messages, device-list changes and key counts by `/sync` of the keeper.

Asked on demand with `timeout=0`, never as a long poll: that would be woken by every event of all
the keeper's rooms. The token is kept only after everything of the answer is in the database, so a
crash means reading again, and reading again is harmless.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from appservice import crypto
from appservice.clock import Clock
from appservice.matrix.answers import HomeserverError
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.ports import Json, Store

log = structlog.get_logger()
TOKEN = "sync_token"  # noqa: S105
OnOther = Callable[[crypto.OtherToDevice], None]
TURNS = 20  # an answer holds at most 100 to-device messages; more are fetched at once


class KeyPump:
    """One `/sync` at a time; whoever comes meanwhile shares the next one."""

    def __init__(self, client: Client, encryption: Encryption, store: Store, clock: Clock) -> None:
        self._client = client
        self._encryption = encryption
        self._store = store
        self._clock = clock
        self._running: asyncio.Task[int] | None = None
        self._next: asyncio.Task[int] | None = None
        self.last: float = 0.0  # monotonic seconds of the last success
        self.on_other: OnOther = lambda _: None

    async def fetch(self) -> int:
        """Read what has come since the last time; return how many to-device messages came."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._fetch())
            return await asyncio.shield(self._running)
        # one that began before we asked may have missed what we need: wait for the one after it
        if self._next is None or self._next.done():
            self._next = asyncio.create_task(self._after(self._running))
        return await asyncio.shield(self._next)

    async def _after(self, running: "asyncio.Task[int]") -> int:
        await asyncio.wait({running})
        self._running = asyncio.current_task()
        return await self._fetch()

    async def _fetch(self) -> int:
        count = 0
        for _ in range(TURNS):
            answer = await self._client.sync(await self._since())
            came = await self._take(answer)
            count += came
            if not came:
                break
        self.last = self._clock.monotonic()
        return count

    async def _since(self) -> str | None:
        async with self._store.begin() as work:
            token = await work.fact(TOKEN)
        return token.decode() if token else None

    async def _take(self, answer: Json) -> int:
        token = next_batch(answer)
        events = _list(answer, "to_device", "events")
        received = await self._encryption.receive(events) if events else []
        changed = [user for user in _list(answer, "device_lists", "changed") if _is_user(user)]
        await self._upload_keys(answer)
        if changed:
            await self._encryption.lists.refresh(changed, even_if_fresh=True)
        async with self._store.begin() as work:
            for report in received:
                if isinstance(report, crypto.RoomKeyReceived):
                    await work.release(report.session_id)
            await work.keep_fact(TOKEN, token)
        for report in received:
            if isinstance(report, crypto.Dropped):
                log.info("to_device_dropped", reason=report.reason)
        for report in received:
            if isinstance(report, crypto.OtherToDevice):
                self.on_other(report)
        await self._heal(received)
        return len(events)

    async def _upload_keys(self, answer: Json) -> None:
        counts, unused = (
            answer.get(f"device_{what}")
            for what in ("one_time_keys_count", "unused_fallback_key_types")
        )
        await self._encryption.own_keys.refill(
            {name: count for name, count in _object(counts).items() if _is_count(count)},
            unused if isinstance(unused, list) else None,
        )

    async def _heal(self, received: list[crypto.Received]) -> None:
        wedged = [report for report in received if isinstance(report, crypto.Wedged)]
        if wedged:
            await self._encryption.healing.heal(wedged)


def next_batch(answer: Json) -> bytes:
    """Return the token from which the next `/sync` reads on; raises HomeserverError."""
    token = answer.get("next_batch")
    if not isinstance(token, str) or not token.isprintable():
        raise HomeserverError("the homeserver's answer to /sync has no token")
    return token.encode()


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(answer: Json, *path: str) -> list[Any]:
    value: Any = answer
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_user(value: object) -> bool:
    return isinstance(value, str) and value.startswith("@")
