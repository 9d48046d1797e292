"""Forgets the keys of what was said, once they have served their time."""

from collections.abc import Callable, Collection
from datetime import timedelta

import structlog

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.domain.records import Room
from appservice.matrix.rotation import rotation_of
from appservice.ports import Store

FACT = "keys forgotten"  # the day before which nothing is left, counted from 1970
LONGEST = 400  # days back, if nothing was ever forgotten

log = structlog.get_logger()


class Forgetting:
    """Deletes inbound sessions day by day.

    A member's client goes on with a session for as long as the room's rotation lets it, so the
    time begins when a session that came can be in use no more.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        after: timedelta,
        on_forget: Callable[[Collection[tuple[str, str]]], None],
    ) -> None:
        """`on_forget` hears of room id and session id of each."""
        self._store = store
        self._clock = clock
        self._after_ms = after // timedelta(milliseconds=1)
        self._on_forget = on_forget

    async def forget(self) -> int:
        """Forget what is old enough; return how many sessions. A missed time is made up for."""
        async with self._store.begin() as work:
            rooms = await work.all(Room)
        rotation_ms = max((rotation_of(room).age_ms for room in rooms), default=0)
        last = milliseconds(self._clock.now()) - self._after_ms - rotation_ms
        before = last // crypto.DAY_MS
        days = range(await begun(self._store, before), before)
        count = sum([await self._forget(day) for day in days])
        if count:
            log.info("keys_forgotten", sessions=count)
        return count

    async def _forget(self, day: int) -> int:
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_came(day))
            sessions = crypto.came_on(vault, day)
            vault = await work.vault(crypto.need_forget(day, sessions))
            crypto.forget(vault, day, sessions)
            await work.save(vault)
            await work.keep_fact(FACT, str(day + 1).encode())
        self._on_forget(sessions)
        return len(sessions)


async def begun(store: Store, day: int) -> int:
    """Return the first day, counted from 1970, of which keys may be left; `day` is a later one."""
    async with store.begin() as work:
        told = await work.fact(FACT)
    return int(told) if told else day - LONGEST
