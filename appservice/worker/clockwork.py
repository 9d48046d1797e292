"""What happens by the clock: due timers, the watch over the steward, the look at every room.

APScheduler only calls these functions and holds no job of ours: whatever must not be forgotten
stands in the database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from appservice.clock import Clock
from appservice.domain.events import Event, GroupInspected, StewardInspected
from appservice.domain.group import Group
from appservice.domain.types import CauseId, derive
from appservice.errors import CirclekeeperError, PermanentError, TransientError
from appservice.ports import Arrival, Homeserver, Store, Watch
from appservice.service.handle import would_follow
from appservice.service.intake import Intake
from appservice.service.lanes import lane_of_event
from appservice.service.load import Known

log = structlog.get_logger()
DUE_SECONDS = 0.25  # how late a timer may be
OFTEN_SECONDS = 1
FORGET_SECONDS = 3600
TIDY_SECONDS = 20
DUE_AT_ONCE = 50  # so that the first are worked on while others are moved
RENEW_SECONDS = 5
WAYS_GIVEN, WAY_SECONDS = 10, 0.1


class Pace(Protocol):
    """How often to look, in seconds; the operator's `limits`."""

    @property
    def steward_watch_seconds(self) -> float: ...

    @property
    def key_fetch_seconds(self) -> float: ...

    @property
    def reconcile_seconds(self) -> float: ...


class Clockwork:
    """Ticks. A tick that fails is told and comes again; the next one does not wait for it."""

    def __init__(  # noqa: PLR0913
        self,
        store: Store,
        homeserver: Homeserver,
        watch: Watch,
        intake: Intake,
        clock: Clock,
        known: Known,
        pace: Pace,
    ) -> None:
        self._store = store
        self._homeserver = homeserver
        self._watch = watch
        self._intake = intake
        self._clock = clock
        self._known = known
        self._pace = pace
        self._looked = False  # every room has been compared once since the start
        self._steward_looks: object = None  # devices and identity, as last written down
        self._out = False  # the homeserver did not answer the last time
        self._knocked = False  # nor when we asked whether it is back
        self.on_arrival: Callable[[], None] = lambda: None
        self.busy: Callable[[], bool] = lambda: False  # there is work that people wait for
        self.on_return: Callable[[], None] = lambda: None
        self.catch_up: Callable[[], Awaitable[None]] = _nothing
        self.all_looked: Callable[[], Awaitable[None]] = _nothing
        self.advance: Callable[[], Awaitable[None]] = _nothing
        self.forget: Callable[[], Awaitable[object]] = _nothing
        self.verify: Callable[[], Awaitable[None]] = _nothing
        self.tidy: Callable[[], Awaitable[None]] = _nothing
        self.renew: Callable[[], None] = lambda: None

    def schedule(self, scheduler: AsyncIOScheduler) -> None:
        """Register the ticks; missed ones run once, at once."""
        for tick, seconds in (
            (self.timers, DUE_SECONDS),
            (self.steward, self._pace.steward_watch_seconds),
            (self.keys, self._pace.key_fetch_seconds),
            (self.generation, self._pace.key_fetch_seconds),
            (self.rooms, self._pace.reconcile_seconds),
            (self.journal, OFTEN_SECONDS),
            (self.verifications, OFTEN_SECONDS),
            (self.outage, OFTEN_SECONDS),
            (self.keys_of_old, FORGET_SECONDS),
            (self.erased, TIDY_SECONDS),
            (self.numbers, RENEW_SECONDS),
        ):
            scheduler.add_job(
                _quietly(tick), "interval", seconds=seconds, coalesce=True, misfire_grace_time=None
            )

    async def timers(self) -> None:
        """Move what is due into the inbox; what is due before the next tick, when it is due."""
        while True:
            async with self._store.begin() as work:
                moved = await work.due(self._clock.now(), DUE_AT_ONCE)
                following = await work.next_due()
            if moved:
                self.on_arrival()
            if following is None:
                return
            wait = (following - self._clock.now()).total_seconds()
            if wait > DUE_SECONDS or (wait <= 0 and moved < DUE_AT_ONCE):
                return
            await asyncio.sleep(max(wait, 0))

    async def journal(self) -> None:
        """After an outage of the database: take in what the journal kept, and ask for more."""
        if self._intake.journaling:
            await self._intake.catch_up()
            await self._homeserver.ping()

    def note_outage(self) -> None:
        """The homeserver did not answer: ask until it does, then let it deliver at once."""
        self._out = True

    async def outage(self) -> None:
        """Knock every second while the homeserver is out; then nothing waits any longer for it."""
        if not self._out:
            return
        try:
            await self._homeserver.ping()
        except TransientError:
            self._knocked = True
            raise
        self._out = False
        if self._knocked:  # else it was one request that failed, and that one is to wait
            self._knocked = False
            async with self._store.begin() as work:
                await work.hurry()
            self.on_return()
        await self.catch_up()

    async def generation(self) -> None:
        """Let every backup be known as older than the present."""
        await self.advance()

    async def keys_of_old(self) -> None:
        """Forget the keys of what was said long ago."""
        await self.forget()

    async def erased(self) -> None:
        """Let nothing that was erased stay in the database's write-ahead log."""
        await self.tidy()

    async def numbers(self) -> None:
        """Take in what somebody has confirmed, and let go of what nobody has for a year."""
        self.renew()

    async def keys(self) -> None:
        """Fetch keys now and then even if nothing asks for it."""
        try:
            await self._homeserver.fetch_keys()
            await self.catch_up()
        except TransientError:
            self.note_outage()
            raise

    async def verifications(self) -> None:
        """Go on with what people verify now."""
        await self.verify()

    async def steward(self) -> None:
        """Ask the homeserver, not our own database, whether the steward bears a mark."""
        seen = await self._watch.inspect_steward()
        looks = (seen.devices, seen.master_key)
        if looks == self._steward_looks:
            return
        now = self._clock.now()
        async with self._store.begin() as work:
            follows = await would_follow(work, self._known, seen, now)
        if follows:
            await self._happen(seen, derive("steward", now.isoformat()))
        self._steward_looks = looks

    async def rooms(self) -> None:
        """Compare every group's rooms with its records; a room that cannot be had stops no other.

        Raises TransientError if there was one.
        """
        async with self._store.begin() as work:
            groups = await work.all(Group)
        trouble: TransientError | None = None
        for group in groups:
            if group.stage != "closed" and group.rooms:
                await self._give_way()
                try:
                    await self._inspect(group)
                except TransientError as error:
                    trouble = error
        if trouble is not None:
            raise trouble
        if self._looked:
            await self.all_looked()
        self._looked = True

    async def _give_way(self) -> None:
        """Let what people wait for go first, but not for ever."""
        for _ in range(WAYS_GIVEN):
            if not self.busy():
                return
            await asyncio.sleep(WAY_SECONDS)

    async def _inspect(self, group: Group) -> None:
        try:
            event = GroupInspected(group.id, await self._watch.inspect_group(group))
        except PermanentError as error:
            log.warning("room_not_readable", code=error.code)
            return
        now = self._clock.now()
        async with self._store.begin() as work:
            follows = await would_follow(work, self._known, event, now)
        if follows:
            await self._happen(event, derive("rooms", group.id, now.isoformat()))

    async def _happen(self, event: StewardInspected | GroupInspected, cause: str) -> None:
        await put_into_inbox(self._store, self._clock, event, CauseId(cause))
        self.on_arrival()


async def put_into_inbox(store: Store, clock: Clock, event: Event, cause: CauseId) -> None:
    """Write down an event of our own."""
    arrival = Arrival(cause, lane_of_event(event), "event", event, clock.now())
    async with store.begin() as work:
        await work.accept([arrival])


async def _nothing() -> None:
    """Stand in for what `main` connects."""


def _quietly(tick: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await tick()
        except CirclekeeperError as error:
            log.warning("tick_failed", tick=tick.__name__, reason=str(error))
        except Exception as error:  # noqa: BLE001
            log.error("tick_failed", tick=tick.__name__, kind=type(error).__name__)

    run.__name__ = tick.__name__
    return run
