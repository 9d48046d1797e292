"""Finds private chats of the keeper that the database does not know, or does not know any more."""

from collections.abc import Collection

from appservice.domain.events import ChatInspected
from appservice.domain.state import House
from appservice.domain.types import RoomId
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.matrix.inspect import Inspector


async def found_chats(
    client: Client, house: House, *, known: Collection[RoomId] = ()
) -> list[ChatInspected]:
    """Return what there is beside the known rooms. Raises TransientError, PermanentError."""
    inspector = Inspector(client, house)
    chats = []
    for name in await client.joined_rooms(user=house.keeper):
        room = RoomId(name)
        if room in known:
            continue
        try:
            seen = await inspector.inspect_chat(room)
        except PermanentError:
            continue
        ours = seen.user is None or seen.user == house.steward
        if seen.encrypted and seen.joined and not ours:
            chats.append(seen)
    return chats
