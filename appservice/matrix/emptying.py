"""Empties a room that is of no use any more, so that it can be tried again from anywhere."""

import structlog

from appservice.domain.state import House
from appservice.domain.types import RoomId
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.matrix.inspect import memberships

_THERE = frozenset({"join", "invite", "knock"})
_GONE = frozenset({"M_FORBIDDEN", "M_NOT_FOUND"})

log = structlog.get_logger()


class Emptier:
    """Takes people out first and our own users last: without the steward nobody else can."""

    def __init__(self, client: Client, house: House) -> None:
        self._client = client
        self._house = house

    async def empty(self, room: RoomId) -> None:
        """Leave nobody in a room; whoever has our own power there stays, and it is logged.

        Raises TransientError, PermanentError.
        """
        keeper, steward = self._house.keeper, self._house.steward
        try:
            members = memberships(await self._client.state(room, user=steward))
        except PermanentError as error:
            if error.code not in _GONE:
                raise  # what we cannot see may be full of people
            return  # nobody of ours is in it
        if members.get(steward) != "join":
            return
        for user, how in sorted(members.items()):
            if how in _THERE and user not in (keeper, steward):
                await self._take_out(room, user)
        if members.get(keeper) in _THERE:
            await self._go(room, keeper)
        await self._go(room, steward)

    async def _take_out(self, room: RoomId, user: str) -> None:
        try:
            await self._client.kick(room, user, user=self._house.steward)
        except PermanentError as error:
            log.warning("not_taken_out", code=error.code)

    async def _go(self, room: RoomId, who: str) -> None:
        try:
            await self._client.leave(room, user=who)
            await self._client.forget(room, user=who)
        except PermanentError as error:
            if room in await self._client.joined_rooms(user=who):
                raise
            log.info("left_before", code=error.code)
