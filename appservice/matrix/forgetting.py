"""Forgets the keys of what was said in private chats, once they have served their time."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta

import structlog

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.domain.state import Room
from appservice.domain.types import RoomKind
from appservice.ports import Store

SOME = 200  # rooms that are looked at in one transaction

log = structlog.get_logger()


class Forgetting:
    """Deletes inbound sessions; `on_forget` hears of which room and which sessions.

    A member's client goes on with a session for as long as the room's rotation lets it, so the
    time begins when a session that came can be in use no more.
    """

    def __init__(self, store: Store, clock: Clock, after: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._after_ms = after // timedelta(milliseconds=1)
        self.on_forget: Callable[[str, Collection[str]], None] = lambda *_: None

    async def forget(self) -> int:
        """Forget what is old enough; return how many sessions. A missed time is made up for."""
        async with self._store.begin() as work:
            chats = [room for room in await work.all(Room) if room.what is RoomKind.CHAT]
        count = 0
        for some in _chunks(chats):
            for room, sessions in (await self._old(some)).items():
                await self._forget(room, sessions)
                count += len(sessions)
        if count:
            log.info("keys_forgotten", sessions=count)
        return count

    async def _old(self, rooms: Sequence[Room]) -> dict[str, list[str]]:
        now_ms = milliseconds(self._clock.now())
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_forgettable(room.room for room in rooms))
        found = {
            str(room.room): crypto.forgettable(
                vault, room.room, now_ms - self._after_ms - room.rotation_ms
            )
            for room in rooms
        }
        return {room: sessions for room, sessions in found.items() if sessions}

    async def _forget(self, room: str, sessions: Collection[str]) -> None:
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_forget(room, sessions))
            crypto.forget(vault, room, sessions)
            await work.save(vault)
        self.on_forget(room, sessions)


def _chunks(rooms: Sequence[Room]) -> Iterator[Sequence[Room]]:
    for begin in range(0, len(rooms), SOME):
        yield rooms[begin : begin + SOME]
