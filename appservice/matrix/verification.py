"""Answers verifications by emoji: those asked in a private chat, and those asked of our device.

They are held in memory only. A restart forgets them, and who goes on with one that is not known is
told so. The emoji vouch for us to the person; for the person to us only once a human at our side
has found them equal too, since a program cannot see what a screen shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from appservice.clock import Clock, milliseconds
from appservice.crypto import OtherToDevice
from appservice.crypto.sas import PREFIX, TIMEOUT_MS, Party, Step, Verification, refusal
from appservice.domain.effects import AnswerVerification, Effect
from appservice.domain.records import Room
from appservice.domain.types import EffectId, UserId, derive
from appservice.matrix.verification_desk import (
    Shown,
    Stage,
    read_shown,
    take_said,
    write_shown,
)
from appservice.matrix.verification_message import (
    REQUEST,
    Message,
    read_event,
    read_to_device,
)
from appservice.matrix.verification_running import Running
from appservice.matrix.verification_sides import Sides
from appservice.ports import Json, Posting, Store

log = structlog.get_logger()
MOST = 100  # verifications at a time, one for each person
WAITING = 200  # to-device messages that nobody has looked at yet
A_MINUTE = 6  # verifications that one person begins
SHOWN_AT_ONCE = 5  # on the help page
_MINUTE_MS = 60_000
_AHEAD_MS = 300_000  # how far a clock of theirs may be ahead (spec: m.key.verification.request)
_UNANSWERED = frozenset({REQUEST, f"{PREFIX}cancel", f"{PREFIX}done"})


class Verifications:
    """Those that run now. `on_verified` hears the user and the keys that both humans vouch for."""

    def __init__(
        self,
        sides: Sides,
        store: Store,
        clock: Clock,
        lane_of: Callable[[Effect], str],
    ) -> None:
        self._sides = sides
        self._store = store
        self._clock = clock
        self._lane_of = lane_of
        self._running: dict[UserId, Running] = {}
        self._postings: list[Posting] = []  # answers that are not written down yet
        self._written: list[Shown] | None = None  # what the terminal sees; None: not known yet
        self._lock = asyncio.Lock()
        self._heard: asyncio.Queue[OtherToDevice] = asyncio.Queue(WAITING)
        self._began: dict[UserId, list[int]] = {}  # when somebody asked for one, of late
        self.on_post: Callable[[], None] = lambda: None
        self.on_verified: Callable[[str, Mapping[str, str]], Awaitable[None]] = _nothing
        self.fetch: Callable[[], Awaitable[object]] = _nothing

    async def in_room(self, room: Room, event: Json, event_type: str, content: Json) -> None:
        """Take an event of a private chat, decrypted."""
        message = read_event(room, event, event_type, content, self._sides.user)
        if message is not None:
            await self._take(message)

    def hear(self, report: OtherToDevice) -> None:
        """Take a to-device message as soon as can be; who brings room keys does not wait for it.

        What nobody can have sent in good faith, so much at once, is dropped.
        """
        if self._heard.full():
            log.warning("verification_dropped")
        else:
            self._heard.put_nowait(report)

    async def take_heard(self) -> None:
        """Take the next of what was heard; wait for it if there is none."""
        await self.to_device(await self._heard.get())

    async def to_device(self, report: OtherToDevice) -> None:
        """Take a to-device message, if it is of a verification by somebody who has a chat."""
        message = read_to_device(report)
        if message is not None and await self._sides.has_chat(message.place.user):
            await self._take(message)

    async def tick(self) -> None:
        """Hear what the operator said, and end what takes too long; to be called every second."""
        async with self._lock:
            if self._written is None:
                async with self._store.begin() as work:
                    self._written = await read_shown(work, self._now())
            if self._running:
                await self._hear()
                self._expire()
            await self._write()
        if any(one.place.room is None and not one.over for one in self._running.values()):
            await self.fetch()  # to-device messages come by no transaction

    def emoji(self) -> list[tuple[int, ...]]:
        """Return the numbers of the emoji that are being compared now, the newest few."""
        open_ = [one.verification for one in self._running.values() if not one.over]
        return [one.emoji for one in open_ if one.emoji][-SHOWN_AT_ONCE:]

    async def _take(self, message: Message) -> None:
        known = self._known(message)
        if known is None and not self._may_begin(message):
            return
        begins = known is None and message.type == REQUEST
        theirs = await self._sides.theirs(message.place.user, message.device) if begins else None
        async with self._lock:
            running = self._known(message)
            if running is None and begins:
                running = await self._begin(message, theirs)
            elif running is None:
                self._refuse(message, "m.unknown_transaction")
            if running is not None:
                self._answer(running, running.receive(message, self._now()))
                await self._settle(running)
            await self._write()

    def _known(self, message: Message) -> Running | None:
        """Return the verification that a message belongs to."""
        running = self._running.get(message.place.user)
        return running if running is not None and running.place == message.place else None

    def _may_begin(self, message: Message) -> bool:
        """Tell whether to answer what belongs to no verification: a few times a minute for each.

        Every one costs a question to the homeserver, or a row in the outbox.
        """
        now, user = self._now(), message.place.user
        if message.type == REQUEST:
            if not -_AHEAD_MS <= now - _asked(message, now) < TIMEOUT_MS:
                return False
        elif message.type in _UNANSWERED:
            return False
        recent = [at for at in self._began.get(user, ()) if now - at < _MINUTE_MS]
        may = len(recent) < A_MINUTE
        self._began[user] = [*recent, now] if may else recent
        return may

    async def _begin(self, message: Message, theirs: Party | None) -> Running | None:
        now, place = self._now(), message.place
        if theirs is None:
            self._refuse(message, "m.key_mismatch")
            return None
        older = self._running.pop(place.user, None)
        if older is not None and not older.over:
            self._answer(older, older.verification.cancel())
        if len(self._running) >= MOST:
            self._refuse(message, "m.user")
            return None
        asked = min(_asked(message, now), now)
        verification = Verification(place.transaction, await self._sides.ours(), theirs, asked)
        running = self._running[place.user] = Running(verification, place, asked)
        return running

    async def _hear(self) -> None:
        async with self._store.begin() as work:
            said = await take_said(work)
        for running in self._running.values():
            if running.id in said and running.said is None:
                running.said = said[running.id]
                if not running.said and not running.over:
                    self._answer(running, running.verification.cancel("m.mismatched_sas"))
            await self._settle(running)

    def _expire(self) -> None:
        now = self._now()
        for user, running in list(self._running.items()):
            if now >= running.until:
                if not running.over:
                    self._answer(running, running.verification.cancel("m.timeout"))
                del self._running[user]

    async def _settle(self, running: Running) -> None:
        if running.stage is Stage.VERIFIED and not running.told:
            await self.on_verified(running.place.user, dict(running.verification.proven))
            running.told = True

    def _answer(self, running: Running, steps: list[Step]) -> None:
        for step in steps:
            effect = running.answer(step)
            name = derive("verification", running.id, str(running.answers))
            self._postings.append(self._posting(name, effect))

    def _refuse(self, message: Message, code: str) -> None:
        place = message.place
        name = derive("refused", place.user, place.transaction, message.type, message.event)
        answer = place.answer(refusal(code), message.device)
        self._postings.append(self._posting(name, answer))

    def _posting(self, name: str, effect: AnswerVerification) -> Posting:
        return Posting(EffectId(name), self._lane_of(effect), effect, self._clock.now())

    async def _write(self) -> None:
        """Hand the answers to the outbox, and show the terminal what is shown now."""
        shown = [one.shown for one in self._running.values() if one.verification.emoji]
        if not self._postings and shown == self._written:
            return
        async with self._store.begin() as work:
            for posting in self._postings:
                await work.post(posting)
            await write_shown(work, shown)
        self._postings, self._written = [], shown
        self.on_post()

    def _now(self) -> int:
        return milliseconds(self._clock.now())


def _asked(message: Message, now: int) -> int:
    """When they say that they asked; a message that does not say it has just been sent."""
    return now if message.sent_ms is None else message.sent_ms


async def _nothing(*_: object) -> None:
    """Stand in for what `main` connects."""
