"""Answers verifications by emoji: those asked in a private chat, and those asked of our device.

They are held in memory only. A restart forgets them, and who goes on with one that is not known is
told so. The emoji vouch for us to the person; for the person to us only once a human at our side
has found them equal too, since a program cannot see what a screen shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from appservice.clock import Clock, milliseconds
from appservice.crypto import OtherToDevice
from appservice.crypto.sas import PREFIX, TIMEOUT_MS, Step, Verification, refusal
from appservice.domain.effects import AnswerVerification, Effect
from appservice.domain.state import Room
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

MOST = 100  # verifications at a time, one for each person
SHOWN_AT_ONCE = 5  # on the help page
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
        self.on_post: Callable[[], None] = lambda: None
        self.on_verified: Callable[[str, Mapping[str, str]], Awaitable[None]] = _nothing
        self.fetch: Callable[[], Awaitable[object]] = _nothing

    async def in_room(self, room: Room, event: Json, event_type: str, content: Json) -> None:
        """Take an event of a private chat, decrypted."""
        message = read_event(room, event, event_type, content, self._sides.user)
        if message is not None:
            await self._take(message)

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
        async with self._lock:
            running = self._running.get(message.place.user)
            if running is None or running.place != message.place:
                running = await self._begin(message) if message.type == REQUEST else None
                if running is None and message.type not in _UNANSWERED:
                    self._refuse(message, "m.unknown_transaction")
            if running is not None:
                self._answer(running, running.receive(message, self._now()))
                await self._settle(running)
            await self._write()

    async def _begin(self, message: Message) -> Running | None:
        now, place = self._now(), message.place
        asked = now if message.sent_ms is None else message.sent_ms
        if not -_AHEAD_MS <= now - asked < TIMEOUT_MS:
            return None
        theirs = await self._sides.theirs(place.user, message.device)
        if theirs is None:
            self._refuse(message, "m.key_mismatch")
            return None
        older = self._running.pop(place.user, None)
        if older is not None and not older.over:
            self._answer(older, older.verification.cancel())
        if len(self._running) >= MOST:
            self._refuse(message, "m.user")
            return None
        asked = min(asked, now)
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


async def _nothing(*_: object) -> None:
    """Stand in for what `main` connects."""
