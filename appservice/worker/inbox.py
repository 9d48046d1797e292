"""Takes arrivals out of the inbox, says them in our words and has them decided."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from appservice.clock import Clock
from appservice.domain.events import MessageUnreadable
from appservice.domain.types import EventId, RoomId, UserId
from appservice.errors import PermanentError, StorageError, TransientError
from appservice.ports import Arrival, Homeserver, Json, Store, Translated
from appservice.service.handle import Handled, handle
from appservice.service.load import Known
from appservice.worker.backoff import PATIENCE, backoff
from appservice.worker.lanes import LaneWorker, rest

log = structlog.get_logger()
WIDTH = 8
DECIDING = 2  # of these wait for the database, so that what was decided goes out before more is
LOOK_AGAIN = timedelta(seconds=3)


class Inbox:
    """The worker of the inbox."""

    def __init__(
        self,
        store: Store,
        homeserver: Homeserver,
        clock: Clock,
        known: Known,
        *,
        late_key: timedelta,
    ) -> None:
        self._store = store
        self._homeserver = homeserver
        self._clock = clock
        self._known = known
        self._late_key = late_key
        self._deciding = asyncio.Semaphore(DECIDING)
        self.on_outage: Callable[[], None] = lambda: None
        self.on_handled: Callable[[Sequence[Handled]], None] = lambda _: None
        self.lanes: LaneWorker[Arrival] = LaneWorker(self._heads, self._work_on, width=WIDTH)

    async def run(self) -> None:
        """Work until cancelled; what is under way then is done by the next start."""
        await self.lanes.run()

    async def _heads(self, limit: int) -> Sequence[Arrival]:
        async with self._store.begin() as work:
            return await work.arrivals(self._clock.now(), limit)

    async def _work_on(self, arrival: Arrival) -> None:
        """Handle one row to its end, or put it where it comes again."""
        try:
            await self._handle(arrival)
        except StorageError as error:
            await rest(error)
        except TransientError as error:
            self.on_outage()
            await self._again(arrival, error)
        except PermanentError as error:
            await self._park(arrival, f"{type(error).__name__} {error.code}".strip())
        except Exception as error:  # noqa: BLE001
            log.error("accident", kind=type(error).__name__, row=arrival.row)
            await self._park(arrival, type(error).__name__)

    async def _handle(self, arrival: Arrival) -> None:
        translated = await self._translate(arrival)
        if translated.waits_for is not None:
            if self._clock.now() < arrival.received + self._late_key:
                await self._set_aside(arrival, translated.waits_for)
                return
            unreadable = _unreadable(arrival)
            await self._renew(unreadable.user)
            translated = Translated(events=(unreadable,))
        async with self._deciding, self._store.begin() as work:
            if not await work.finish(arrival.row):
                return
            handled = await handle(
                work, self._known, arrival.id, translated.events, self._clock.now()
            )
        self.on_handled(handled)

    async def _translate(self, arrival: Arrival) -> Translated:
        if arrival.source == "malformed":
            raise PermanentError("the homeserver sent something that is no event", "malformed")
        if isinstance(arrival.body, dict):
            return await self._homeserver.translate(arrival)
        return Translated(events=(arrival.body,))

    async def _set_aside(self, arrival: Arrival, waits_for: str) -> None:
        """Let the lane go on; the row comes when it is released, and is looked at now and then.

        What it waits for may have come between the look and the setting aside.
        """
        last = arrival.received + self._late_key
        until = min(last, self._clock.now() + LOOK_AGAIN)
        async with self._store.begin() as work:
            await work.set_aside(arrival.row, until, waits_for)

    async def _renew(self, user: UserId) -> None:
        """What they say again shall be readable: their client gives the key again."""
        try:
            await self._homeserver.renew(user)
        except (TransientError, PermanentError) as error:
            log.info("not_begun_anew", kind=type(error).__name__)

    async def _again(self, arrival: Arrival, error: TransientError) -> None:
        if self._clock.now() - arrival.received > PATIENCE:
            await self._park(arrival, "given up after three days")
            return
        until = self._clock.now() + backoff(arrival.attempts, error.retry_after)
        try:
            async with self._store.begin() as work:
                await work.postpone_arrival(arrival.row, until)
        except StorageError as trouble:
            log.warning("database_not_answering", reason=str(trouble))

    async def _park(self, arrival: Arrival, reason: str) -> None:
        try:
            async with self._store.begin() as work:
                await work.park_arrival(arrival.row, reason)
            log.warning("event_parked", row=arrival.row, reason=reason)
        except StorageError as trouble:
            log.warning("database_not_answering", reason=str(trouble))


def _unreadable(arrival: Arrival) -> MessageUnreadable:
    body: Json = arrival.body if isinstance(arrival.body, dict) else {}
    return MessageUnreadable(
        RoomId(body["room_id"]), UserId(body["sender"]), EventId(body["event_id"])
    )
