"""Takes effects out of the outbox and has them carried out; a repeat changes nothing."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from appservice.clock import Clock
from appservice.domain.types import CauseId, EventId, effect_id
from appservice.errors import PermanentError, StorageError, TransientError
from appservice.ports import Arrival, Performed, Posting, Store, Work
from appservice.service.holding import HeldError
from appservice.service.lanes import lane_of_event, lane_of_room
from appservice.service.outside import AWAY, Performs
from appservice.worker.backoff import PATIENCE, backoff
from appservice.worker.lanes import LaneWorker, rest

log = structlog.get_logger()
WIDTH = 8


class Outbox:
    """The worker of the outbox."""

    def __init__(self, store: Store, homeserver: Performs, clock: Clock) -> None:
        self._store = store
        self._homeserver = homeserver
        self._clock = clock
        self.on_arrival: Callable[[], None] = lambda: None
        self.on_done: Callable[[Posting], None] = lambda _: None
        self.on_outage: Callable[[], None] = lambda: None
        self.lanes: LaneWorker[Posting] = LaneWorker(self._heads, self._work_on, width=WIDTH)
        self._ended: list[tuple[Posting, EventId | None]] = []
        """What the homeserver has, and is written down as done before anything else is read.
        Where we are killed before that, it is done again under its transaction id, which the
        homeserver knows (Client-Server API, "Transaction identifiers")."""

    async def run(self) -> None:
        """Work until cancelled; an orderly stop leaves nothing that would be done again."""
        try:
            await self.lanes.run()
        finally:
            with suppress(StorageError):
                async with self._store.begin() as work:
                    await self._write_down(work)

    async def _heads(self, limit: int) -> Sequence[Posting]:
        async with self._store.begin() as work:
            written = await self._write_down(work)
            found = await work.postings(self._clock.now(), limit)
        del self._ended[:written]
        return found

    async def _write_down(self, work: Work) -> int:
        ended = tuple(self._ended)
        for posting, event in ended:
            await work.done(posting.row, event)
        return len(ended)

    async def _work_on(self, head: Posting) -> None:
        try:
            posting = head if self._store.alone else await self._still_there(head)
            if posting is None:
                return
            await self._finish(posting, await self._homeserver.perform(posting))
            self.on_done(posting)
        except StorageError as error:
            await rest(error)
        except TransientError as error:
            if not isinstance(head.effect, AWAY):
                self.on_outage()
            await self._again(head, error)
        except PermanentError as error:
            await self._park(head, f"{type(error).__name__} {error.code}".strip())
        except Exception as error:  # noqa: BLE001
            log.error("accident", kind=type(error).__name__, effect=head.id)
            await self._park(head, type(error).__name__)

    async def _still_there(self, head: Posting) -> Posting | None:
        """Read it again: another instance may have been quicker."""
        async with self._store.begin() as work:
            return await work.claim_posting(head.row)

    async def _finish(self, posting: Posting, performed: Performed) -> None:
        """The end of the effect and what happened in consequence are one transaction."""
        now = self._clock.now()
        arrivals = [
            Arrival(
                CauseId(effect_id(CauseId(posting.id), index)),
                lane_of_event(event),
                "event",
                event,
                now,
            )
            for index, event in enumerate(performed.happened)
        ]
        arrivals += [
            Arrival(CauseId(x["event_id"]), lane_of_room(x["room_id"]), "matrix", x, now)
            for x in performed.missed
        ]
        if self._store.alone and not arrivals and not isinstance(posting.effect, AWAY):
            self._ended.append((posting, performed.event))
            return
        async with self._store.begin() as work:
            await work.done(posting.row, performed.event)
            if arrivals:
                await work.accept(arrivals)
        if arrivals:
            self.on_arrival()

    async def _again(self, posting: Posting, error: TransientError) -> None:
        now = self._clock.now()
        if now - posting.created > PATIENCE:
            await self._park(posting, "given up after three days")
            return
        wait = backoff(posting.attempts, error.retry_after)
        if isinstance(error, HeldError):  # no failure: it goes as soon as it may
            wait = timedelta(seconds=error.retry_after or 0.0)
        try:
            async with self._store.begin() as work:
                await work.postpone_posting(posting.row, now + wait)
        except StorageError as trouble:
            log.warning("database_not_answering", reason=str(trouble))

    async def _park(self, posting: Posting, reason: str) -> None:
        try:
            await self._homeserver.give_up(posting)
            async with self._store.begin() as work:
                await work.park_posting(posting.row, reason)
            log.warning("effect_parked", effect=posting.id, reason=reason)
        except StorageError as trouble:
            log.warning("database_not_answering", reason=str(trouble))
