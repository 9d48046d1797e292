"""Lets people into rooms and out of them, as the steward; what is so already is success."""

from collections.abc import Awaitable

from appservice.domain.state import House
from appservice.domain.types import RoomId, UserId
from appservice.errors import PermanentError
from appservice.matrix.client import Client

_INSIDE = frozenset({"join", "invite"})
_REMOVABLE = frozenset({"join", "invite", "knock"})
_BLOCKED = {
    "M_FORBIDDEN": "M_FORBIDDEN",
    "M_BAD_STATE": "M_FORBIDDEN",  # as Synapse calls a ban
    "M_INVITE_BLOCKED": "M_INVITE_BLOCKED",
    "ORG.MATRIX.MSC4155.INVITE_BLOCKED": "M_INVITE_BLOCKED",
    "ORG.MATRIX.MSC4155.M_INVITE_BLOCKED": "M_INVITE_BLOCKED",
}


class Doors:
    """Every look at the state comes before the act, and after a refusal once more."""

    def __init__(self, client: Client, house: House) -> None:
        self._client = client
        self._house = house

    async def invite(self, room: RoomId, user: UserId) -> str | None:
        """Return the code with which the invitation was refused, or None."""
        if await self._membership(room, user) in _INSIDE:
            return None
        try:
            await self._client.invite(room, user, user=self._house.steward)
        except PermanentError as error:
            if await self._membership(room, user) in _INSIDE:
                return None
            code = _BLOCKED.get(error.code.upper())
            if code is None:
                raise
            return code
        return None

    async def remove(self, room: RoomId, user: UserId) -> None:
        """Kick who is in, invited or knocking; a ban stays what it is."""
        if await self._membership(room, user) not in _REMOVABLE:
            return
        if user == self._house.steward:
            raise PermanentError("the steward does not remove itself")
        try:
            await self._client.kick(room, user, user=self._house.steward)
        except PermanentError:
            if await self._membership(room, user) in _REMOVABLE:
                raise

    async def unban(self, room: RoomId, user: UserId) -> None:
        """Lift a ban; with the steward's event goes the reason that may stand in the other one."""
        if await self._membership(room, user) == "ban":
            await self._client.unban(room, user, user=self._house.steward)

    def _membership(self, room: RoomId, user: UserId) -> Awaitable[str | None]:
        return self._client.membership(room, user, user=self._house.steward)
