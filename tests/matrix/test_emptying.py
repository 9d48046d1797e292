"""A room that is of no use any more: nobody stays, our own users go last, a repeat is nothing."""

import pytest

from appservice.domain.effects import Admit, EmptyRoom
from appservice.domain.events import RoomEmptied
from appservice.domain.types import RoomId, RoomKind, UserId
from appservice.errors import PermanentError, TransientError
from appservice.matrix.emptying import Emptier
from tests.matrix.conftest import Place, charter
from tests.support.stub_homeserver import Touch

DEATHS = 6  # requests after which the homeserver may fall silent


async def lived_in(place: Place) -> tuple[RoomId, list[str]]:
    """A noticeboard with somebody in it, somebody invited, and the keeper."""
    room = await place.rooms.make_room(place.group, RoomKind.NOTICEBOARD, charter())
    ada, ben = await place.person("ada"), await place.person("ben")
    for who in (ada, ben):
        await place.perform(Admit(UserId(who.user_id), place.group, (room,)))
    token = await place.token(ada)
    path = f"/_matrix/client/v3/rooms/{room}/join"
    status, _ = await place.server.request("POST", path, token=token, body={})
    assert status == 200
    return room, [token, await place.token(ben)]


async def rooms_of(place: Place, token: str) -> list[str]:
    path = "/_matrix/client/v3/joined_rooms"
    _, answer = await place.server.request("GET", path, token=token)
    return answer["joined_rooms"]


async def nobody_is_in(place: Place, room: RoomId, tokens: list[str]) -> None:
    for user in (place.house.keeper, place.house.steward):
        assert room not in await place.client.joined_rooms(user=user)
    for token in tokens:
        assert room not in await rooms_of(place, token)
        path = f"/_matrix/client/v3/rooms/{room}/join"
        status, _ = await place.server.request("POST", path, token=token, body={})
        assert status in (403, 404)


async def test_everybody_is_out_and_our_own_users_too(everywhere: Place) -> None:
    room, tokens = await lived_in(everywhere)
    emptied = RoomEmptied(everywhere.group, room)
    for _ in range(2):
        done = await everywhere.perform(EmptyRoom(everywhere.group, room))
        assert done.happened == (emptied,)
        await nobody_is_in(everywhere, room, tokens)


@pytest.mark.parametrize("number", range(1, DEATHS))
async def test_it_is_gone_on_with_wherever_it_ended(on_stub: Place, number: int) -> None:
    room, tokens = await lived_in(on_stub)
    seen: list[Touch] = []

    def crash(touch: Touch) -> None:
        seen.append(touch)
        if len(seen) >= number:
            raise RuntimeError

    on_stub.server.after = crash
    with pytest.raises(TransientError):
        await on_stub.perform(EmptyRoom(on_stub.group, room))
    on_stub.server.after = None
    await on_stub.perform(EmptyRoom(on_stub.group, room))
    await nobody_is_in(on_stub, room, tokens)


async def test_a_room_that_could_not_be_looked_into_does_not_count_as_empty(
    on_stub: Place,
) -> None:
    room, tokens = await lived_in(on_stub)

    class Refusing:
        async def state(self, *_: object, **__: object) -> object:
            raise PermanentError("what", "M_UNKNOWN")

    with pytest.raises(PermanentError):
        await Emptier(Refusing(), on_stub.house).empty(room)  # type: ignore[arg-type]
    assert room in await rooms_of(on_stub, tokens[0])
