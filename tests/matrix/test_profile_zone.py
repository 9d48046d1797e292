"""The zone of a member's Matrix profile (m.tz), where the homeserver knows of such a thing."""

from typing import Any

import pytest
from aiohttp import web

from appservice.domain.types import RoomId
from tests.matrix.conftest import Place, place
from tests.support.shared_synapse import SharedSynapse

ADA = "@ada:circle.test"
FIELD = "/m.tz"


async def chat(on_stub: Place) -> RoomId:
    await on_stub.server.register_user("ada")
    room = RoomId(on_stub.server.create_chat(ADA, on_stub.house.keeper).room_id)
    on_stub.server.join(room, on_stub.house.keeper)
    return room


def answers(status: int, body: Any) -> Any:
    """Let the homeserver answer so when it is asked for the field."""

    def refuse(touch: Any) -> web.Response | None:
        is_asked = touch.path.endswith(FIELD)
        return web.json_response(body, status=status) if is_asked else None

    return refuse


@pytest.mark.parametrize(
    ("status", "body", "zone"),
    [
        (200, {"m.tz": "Europe/Berlin"}, "Europe/Berlin"),
        (200, {"m.tz": 7}, ""),
        (200, {}, ""),
        (404, {"errcode": "M_NOT_FOUND"}, ""),  # the profile has none
        (404, {"errcode": "M_UNRECOGNIZED"}, None),  # the server knows no such field
        (403, {"errcode": "M_FORBIDDEN"}, None),
        (502, {"errcode": "M_UNKNOWN"}, None),  # a profile of another server, which is down
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 5000}, None),
    ],
)
async def test_what_the_keeper_makes_of_the_answer(
    on_stub: Place, status: int, body: Any, zone: str | None
) -> None:
    room = await chat(on_stub)
    on_stub.server.refuse = answers(status, body)
    assert (await on_stub.inspector.inspect_chat(room)).zone == zone


async def test_nobody_is_asked_about_where_nobody_is_or_several_are(on_stub: Place) -> None:
    room = await chat(on_stub)
    await on_stub.server.register_user("eve")
    on_stub.server.invite(room, ADA, "@eve:circle.test")
    on_stub.server.join(room, "@eve:circle.test")
    before = len(on_stub.server.touches)
    assert (await on_stub.inspector.inspect_chat(room)).zone is None
    assert not any(t.path.endswith(FIELD) for t in on_stub.server.touches[before:])


@pytest.mark.synapse
async def test_a_real_homeserver_tells_it(shared_synapse: SharedSynapse) -> None:
    synapse = await shared_synapse.get()
    made = place(synapse, shared_synapse.registration, "12")
    account = await synapse.register_user(f"zoned-{made.number}")
    token = await synapse.login(account)
    async with made.client:
        await made.set_up()
        keeper = made.house.keeper
        assert await made.client.profile_zone(account.user_id, user=keeper) == ""
        path = f"/_matrix/client/v3/profile/{account.user_id}{FIELD}"
        status, answer = await synapse.request(
            "PUT", path, token=token, body={"m.tz": "Asia/Kathmandu"}
        )
        assert status == 200, answer
        assert await made.client.profile_zone(account.user_id, user=keeper) == "Asia/Kathmandu"
