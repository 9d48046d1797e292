"""Parts with somebody who is to be forgotten, and erases the keys that belong to them."""

from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.domain.effects import EraseKeys, Leave, PartWith, Remove
from appservice.domain.events import Parted
from appservice.domain.records import Room
from appservice.domain.types import RoomId, RoomKind, UserId
from appservice.errors import PermanentError
from appservice.matrix.forgetting import begun
from appservice.matrix.lines import Lines
from appservice.ports import Performed, Posting, Store

Session = tuple[str, str]
"""Room id, session id."""

log = structlog.get_logger()


class Eraser:
    """Carries out PartWith and EraseKeys; a repeat finds nothing left to do."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keeper: UserId,
        lines: Lines,
        perform: Callable[[Posting], Awaitable[Performed]],
    ) -> None:
        """`perform` carries out Remove and Leave."""
        self._store = store
        self._clock = clock
        self._keeper = keeper
        self._lines = lines
        self._perform = perform
        self.on_forget: Callable[[Collection[Session], Collection[str]], None] = lambda *_: None
        """Hears of sessions (room, session id) and rooms whose keys are gone."""

    async def perform(self, posting: Posting) -> Performed:
        """Raises TransientError, PermanentError."""
        match posting.effect:
            case PartWith() as part:
                return await self._part(posting, part)
            case EraseKeys(user, rooms):
                await self._erase(user, rooms)
                return Performed()
            case _:
                raise PermanentError("this effect is carried out elsewhere")

    async def _part(self, posting: Posting, part: PartWith) -> Performed:
        """See to it that nothing is left undone that must be done while they are known."""
        async with self._store.begin() as work:
            known = await work.of_person(Room, part.user)
        chats = {room.room: None for room in known if room.what is RoomKind.CHAT}
        if part.chat:
            chats[part.chat] = None
        steps: list[Remove | Leave] = [Remove(part.user, (room,)) for room in part.rooms]
        steps += [Leave(chat, self._keeper) for chat in chats]
        for effect in steps:
            try:
                await self._perform(Posting(posting.id, posting.lane, effect, posting.created))
            except PermanentError as error:
                log.warning("parting_incomplete", code=error.code)  # a room that is no more
        return Performed(happened=(Parted(part.user, tuple(chats)),))

    async def _erase(self, user: UserId, rooms: Sequence[RoomId]) -> None:
        """Of rooms only the keys of what the keeper says there go, unless the user spoke there."""
        chats = await self._unknown(rooms)
        today = milliseconds(self._clock.now()) // crypto.DAY_MS
        for day in range(await begun(self._store, today), today + 1):
            await self._erase_day(day, user, chats)
        for room in rooms:
            async with self._store.begin() as work:
                vault = await work.vault(crypto.need_forget_room(room))
                crypto.forget_room(vault, room)
                await work.save(vault)
                if room in chats:
                    await work.keep_fact(f"help line {room}", b"")
            for audience in crypto.Audience:
                self._lines.drop((room, audience))
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_forget_person(user))
            crypto.forget_person(vault, user)
            await work.save(vault)
        self.on_forget((), chats)

    async def _unknown(self, rooms: Sequence[RoomId]) -> frozenset[str]:
        """Return those that were chats: they are no rooms of ours any more."""
        async with self._store.begin() as work:
            return frozenset([room for room in rooms if await work.get(Room, room) is None])

    async def _erase_day(self, day: int, user: UserId, chats: Collection[str]) -> None:
        async with self._store.begin() as work:
            sessions = crypto.came_on(await work.vault(crypto.need_came(day)), day)
            elsewhere = [session for session in sessions if session[0] not in chats]
            vault = await work.vault(crypto.need_spoken(elsewhere))
            theirs = crypto.spoken_by(vault, elsewhere, user)
            theirs += [session for session in sessions if session[0] in chats]
            if theirs:
                vault = await work.vault(crypto.need_forget(day, theirs))
                crypto.forget(vault, day, theirs)
                await work.save(vault)
        self.on_forget(theirs, ())
