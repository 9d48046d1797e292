"""Of a circle only who wrote when is looked at, and only where somebody has allowed it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from appservice.clock import SystemClock
from appservice.domain.effects import Admit, SeekAnswer
from appservice.domain.events import AnswerSought, CircleSpoke
from appservice.domain.records import Room
from appservice.domain.types import CauseId, RoomId, RoomKind, UserId
from appservice.matrix.translate import Translator
from appservice.ports import Arrival
from tests.matrix.conftest import Place, charter


@pytest.fixture
async def circle(anywhere: Place) -> RoomId:
    return await anywhere.rooms.make_room(anywhere.group, RoomKind.CIRCLE, charter())


async def member(place: Place, circle: RoomId, name: str) -> tuple[UserId, str]:
    account = await place.person(name)
    user, token = UserId(account.user_id), await place.token(account)
    await place.perform(Admit(user, place.group, (circle,)))
    assert await call(place, token, "POST", f"/rooms/{circle}/join", {}) == 200
    return user, token


async def call(place: Place, token: str, method: str, path: str, body: Any) -> int:
    path = f"/_matrix/client/v3{path}"
    status, _ = await place.server.request(method, path, token=token, body=body)
    return status


async def writes(place: Place, circle: RoomId, token: str, kind: str = "m.room.encrypted") -> None:
    body = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "canary"}
    txn = SystemClock().now().timestamp()
    assert await call(place, token, "PUT", f"/rooms/{circle}/send/{kind}/{txn}", body) == 200


async def test_an_answer_is_anybody_elses_message_after_theirs(
    anywhere: Place, circle: RoomId
) -> None:
    ada, adas = await member(anywhere, circle, "ada")
    _, bens = await member(anywhere, circle, "ben")
    await writes(anywhere, circle, bens)  # before the newcomer: no answer
    since = SystemClock().now()
    await writes(anywhere, circle, adas)
    seek = SeekAnswer(ada, anywhere.group, circle, since)
    await writes(anywhere, circle, adas)
    await writes(anywhere, circle, bens, "m.reaction")
    done = await anywhere.perform(seek)
    assert done.happened == (AnswerSought(ada, anywhere.group, answered=False),)
    await writes(anywhere, circle, bens)
    await writes(anywhere, circle, adas)
    done = await anywhere.perform(seek)
    assert done.happened == (AnswerSought(ada, anywhere.group, answered=True),)
    assert "canary" not in repr(done)


def translator(place: Place) -> Translator:
    nothing: Any = None
    return Translator(
        place.client, nothing, nothing, place.inspector, place.store, place.house, nothing
    )


@pytest.mark.parametrize(
    ("more", "spoke"),
    [
        ({}, True),
        ({"content": {"ciphertext": "x"}}, False),  # the door lets no such thing through
        ({"origin_server_ts": "soon"}, False),
        ({"origin_server_ts": 10**30}, False),
        ({"origin_server_ts": -5}, False),
    ],
)
async def test_what_the_door_let_through_says_who_and_when(
    on_stub: Place, more: dict[str, Any], *, spoke: bool
) -> None:
    circle = RoomId("!circle:circle.test")
    async with on_stub.store.begin() as work:
        await work.put(Room(circle, RoomKind.CIRCLE, on_stub.group, None, encrypted=True))
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    event = {
        "event_id": "$one",
        "room_id": circle,
        "sender": "@ada:circle.test",
        "type": "m.room.encrypted",
        "content": {},
        "origin_server_ts": int(at.timestamp() * 1000),
        **more,
    }
    arrival = Arrival(CauseId("$one"), "lane", "matrix", event, at)
    translated = await translator(on_stub).translate(arrival)
    expected = CircleSpoke(circle, UserId("@ada:circle.test"), at)
    assert translated.events == ((expected,) if spoke else ())
