"""The stub homeserver keeps the manners of a real one that our tests rely on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.support.nio_member import NioMember
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import StubHomeserver, Touch

KEEPER, ADA = "@keeper:circle.test", "@ada:circle.test"


class Listener:
    """An application service that only takes note; `statuses` are answered first."""

    def __init__(self) -> None:
        self.port = reserve_port()
        self.taken: list[tuple[str, list[dict[str, Any]]]] = []
        self.statuses: list[int] = []
        self.pings = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_put("/_matrix/app/v1/transactions/{txn}", self._transaction)
        app.router.add_post("/_matrix/app/v1/ping", self._ping)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def registration(self) -> dict[str, Any]:
        users = [{"exclusive": True, "regex": "@(keeper|steward):circle.test"}]
        return {
            "id": "us",
            "url": f"http://127.0.0.1:{self.port}",
            "as_token": "as",
            "hs_token": "hs",
            "sender_localpart": "_us",
            "namespaces": {"users": users, "aliases": [], "rooms": []},
        }

    def events(self) -> list[dict[str, Any]]:
        return [event for _, events in self.taken for event in events]

    async def _transaction(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer hs"
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append((request.match_info["txn"], (await request.json())["events"]))
        return web.json_response({}, status=status)

    async def _ping(self, _: web.Request) -> web.Response:
        self.pings += 1
        return web.json_response({})


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def stub(listener: Listener) -> AsyncIterator[StubHomeserver]:
    async with StubHomeserver() as made:
        made.load(listener.registration())
        made.core.add_user(KEEPER)
        await made.register_user("ada")
        yield made


async def ours(
    stub: StubHomeserver, method: str, path: str, body: Any = None, **query: str
) -> tuple[int, Any]:
    """Ask as the application service."""
    params = {"user_id": KEEPER, **query}
    return await stub.request(
        method, f"/_matrix/client/v3{path}", token="as", body=body, params=params
    )


async def test_transactions_come_in_order_until_they_are_taken(
    stub: StubHomeserver, listener: Listener
) -> None:
    listener.statuses = [500, 404, 200]
    room = stub.create_chat(ADA, KEEPER)
    for number in range(250):
        stub.send(room.room_id, ADA, "m.test", {"number": number})
    await stub.drained()
    numbers = [e["content"]["number"] for e in listener.events() if e["type"] == "m.test"]
    assert numbers == list(range(250))
    txns = [delivery.txn for delivery in stub.pusher.deliveries]
    assert txns[:3] == ["1", "1", "1"]
    assert len(set(txns)) >= 3
    assert max(len(delivery.events) for delivery in stub.pusher.deliveries) == 100


async def test_only_what_concerns_us_is_pushed(stub: StubHomeserver, listener: Listener) -> None:
    await stub.register_user("eve")
    other = stub.create_chat(ADA, "@eve:circle.test")
    stub.join(other.room_id, "@eve:circle.test")
    room = stub.create_chat(ADA, KEEPER)
    stub.send(other.room_id, ADA, "m.test", {})
    stub.join(room.room_id, KEEPER)
    stub.send(room.room_id, ADA, "m.test", {})
    stub.leave(room.room_id, KEEPER)
    stub.send(room.room_id, ADA, "m.late", {})
    await stub.drained()
    assert {event["room_id"] for event in listener.events()} == {room.room_id}
    kinds = [event["type"] for event in listener.events()]
    assert kinds == ["m.room.member", "m.room.member", "m.test", "m.room.member"]


async def test_a_crash_before_leaves_nothing_and_after_leaves_the_effect(
    stub: StubHomeserver,
) -> None:
    def crash(_: Touch) -> None:
        raise RuntimeError

    body = {"preset": "private_chat"}
    stub.before = crash
    with pytest.raises(aiohttp.ClientError):
        await ours(stub, "POST", "/createRoom", body)
    assert stub.rooms == {}
    stub.before, stub.after = None, crash
    with pytest.raises(aiohttp.ClientError):
        await ours(stub, "POST", "/createRoom", body)
    assert len(stub.rooms) == 1
    asked = [touch.path for touch in stub.touches if touch.method == "POST"]
    assert asked == ["/_matrix/client/v3/createRoom"] * 2


async def test_a_crash_after_a_push_brings_the_same_transaction_again(
    stub: StubHomeserver, listener: Listener
) -> None:
    crashes = iter([True])

    async def crash(touch: Touch) -> None:
        if touch.method == "PUSH" and next(crashes, False):
            raise RuntimeError

    stub.after = crash
    stub.create_chat(ADA, KEEPER)
    await stub.drained()
    assert [txn for txn, _ in listener.taken] == ["1", "1"]
    assert listener.taken[0][1] == listener.taken[1][1]


async def test_ping_reaches_us_and_hastens_delivery(
    stub: StubHomeserver, listener: Listener
) -> None:
    listener.statuses = [503]
    stub.pusher.first_wait = 60
    first = asyncio.get_running_loop().create_future()
    stub.after = lambda touch: None if first.done() else first.set_result(touch)
    stub.create_chat(ADA, KEEPER)
    async with asyncio.timeout(5):
        await first
        path = "/_matrix/client/v1/appservice/us/ping"
        status, _ = await stub.request("POST", path, token="as", body={"transaction_id": "x"})
        await stub.drained()
    assert status == 200
    assert listener.pings == 1
    await listener.stop()
    status, answer = await stub.request("POST", path, token="as", body={})
    assert (status, answer["errcode"]) == (502, "M_CONNECTION_FAILED")


async def test_same_story_same_ids() -> None:
    async def tell() -> list[str]:
        stub = StubHomeserver()
        await stub.register_user("ada")
        room = stub.create_chat(ADA, "@eve:circle.test")
        return [room.room_id, *(event.event_id for event in room.events)]

    assert await tell() == await tell()


async def test_one_time_keys_are_used_up_and_the_fallback_stays(stub: StubHomeserver) -> None:
    await ours(stub, "PUT", "/devices/KEEPER", {})
    body = {
        "one_time_keys": {"signed_curve25519:A": {"key": "a"}},
        "fallback_keys": {"signed_curve25519:F": {"key": "f", "fallback": True}},
    }
    status, answer = await ours(stub, "POST", "/keys/upload", body, device_id="KEEPER")
    assert (status, answer["one_time_key_counts"]["signed_curve25519"]) == (200, 1)
    asked = {"one_time_keys": {KEEPER: {"KEEPER": "signed_curve25519"}}}
    claimed = [
        (await ours(stub, "POST", "/keys/claim", asked))[1]["one_time_keys"][KEEPER]["KEEPER"]
        for _ in range(3)
    ]
    assert [next(iter(key)) for key in claimed] == [
        "signed_curve25519:A",
        "signed_curve25519:F",
        "signed_curve25519:F",
    ]
    _, synced = await ours(stub, "GET", "/sync", device_id="KEEPER")
    assert synced["device_unused_fallback_key_types"] == []
    assert synced["device_one_time_keys_count"] == {"signed_curve25519": 0}


async def test_more_than_a_hundred_to_device_messages_come_in_turns(
    stub: StubHomeserver,
) -> None:
    await ours(stub, "PUT", "/devices/KEEPER", {})
    for number in range(250):
        stub.core.to_device(ADA, "m.test", {KEEPER: {"*": {"number": number}}})
    numbers, since = [], None
    for _ in range(4):
        query = {} if since is None else {"since": since}
        _, answer = await ours(stub, "GET", "/sync", device_id="KEEPER", **query)
        events = answer.get("to_device", {}).get("events", [])
        numbers += [event["content"]["number"] for event in events]
        since = answer["next_batch"]
    assert numbers == list(range(250))


async def test_masquerading_has_its_limits(stub: StubHomeserver) -> None:
    for query in ({"user_id": ADA}, {"user_id": "@steward:circle.test"}):
        assert (await ours(stub, "GET", "/account/whoami", **query))[0] == 403
    status, answer = await ours(stub, "GET", "/sync", device_id="NONE")
    assert (status, answer["errcode"]) == (400, "M_UNKNOWN_DEVICE")
    status, answer = await stub.request("GET", "/_matrix/client/v3/sync", token="wrong")
    assert (status, answer["errcode"]) == (401, "M_UNKNOWN_TOKEN")


async def test_history_from_joining_on(stub: StubHomeserver) -> None:
    await stub.register_user("eve")
    eve = "@eve:circle.test"
    visibility = {"history_visibility": "joined"}
    state = [{"type": "m.room.history_visibility", "state_key": "", "content": visibility}]
    room = stub.create_chat(ADA, eve, initial_state=state)
    stub.send(room.room_id, ADA, "m.test", {"when": "before"})
    stub.join(room.room_id, eve)
    stub.send(room.room_id, ADA, "m.test", {"when": "in"})
    stub.leave(room.room_id, eve)
    stub.send(room.room_id, ADA, "m.test", {"when": "after"})
    seen = stub._routes.rooms.messages(eve, room.room_id, {"limit": "100"})["chunk"]
    assert [e["content"]["when"] for e in seen if e["type"] == "m.test"] == ["in"]


async def test_two_real_clients_talk_encrypted(stub: StubHomeserver) -> None:
    eve = await stub.register_user("eve")
    members = [await NioMember.login(stub.url, user, "secret") for user in (ADA, eve.user_id)]
    ada, other = members
    try:
        room = await ada.create_chat(eve.user_id)
        await other.wait_until(lambda: room in other.invites())
        await other.join(room)
        await ada.wait_for_member(room, eve.user_id)
        await ada.send(room, "hello")
        line = await other.wait_for(room, lambda line: line.content.get("body") == "hello")
        assert line.encrypted
        await other.send(room, "and you")
        await ada.wait_for(room, lambda line: line.content.get("body") == "and you")
        assert stub.rooms[room].texts() == []
    finally:
        for member in members:
            await member.stop()
