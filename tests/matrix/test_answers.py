"""Answers of the homeserver become values or errors by who can mend them, and leak nothing."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web

from appservice.errors import PermanentError, TransientError
from appservice.matrix import answers
from appservice.matrix.answers import HomeserverError, TokenRefusedError, UnreachableError
from appservice.matrix.client import Client
from tests.matrix.conftest import Place
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import Touch

KEEPER = "@keeper:circle.test"


def read(status: int, body: Any, **headers: str) -> answers.Answer:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return answers.read(status, headers, octets)


def test_good_answer() -> None:
    assert read(200, {"a": 1}).body == {"a": 1}


DEEP = "[" * 30_000 + "]" * 30_000
MIXED = '{"a":' * 20_000 + '"}{"' + "}" * 20_000


@pytest.mark.parametrize("much", [DEEP, MIXED, "9" * 5000], ids=["deep", "mixed", "digits"])
def test_one_value_that_is_too_much_does_not_hide_the_rest(much: str) -> None:
    text = f'{{"before": "]}}\\"", "events": [{{"type": "m.x", "a": {much}}}, 7], "after": 8}}'
    body = read(200, text.encode()).body
    assert (body["before"], body["after"], body["events"][1]) == (']}"', 8, 7)
    assert body["events"][0]["type"] == "m.x"


@pytest.mark.parametrize("broken", [DEEP[:-1], DEEP + "]", "{", "\xff", '{"a": ' + DEEP])
def test_broken_and_deep_is_no_json(broken: str) -> None:
    with pytest.raises(HomeserverError):
        read(200, broken.encode("latin-1"))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_faults_pass(status: int) -> None:
    with pytest.raises(HomeserverError) as error:
        read(status, {"errcode": "M_CONNECTION_FAILED", "error": "secret"})
    assert error.value.code == "M_CONNECTION_FAILED"
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        ({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, {}, 1.5),
        ({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, {"Retry-After": "7"}, 7.0),
        ({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": "soon"}, {}, None),
        ("not an object", {}, None),
    ],
)
def test_too_many_requests(body: Any, header: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(TransientError) as error:
        read(429, body, **header)
    assert error.value.retry_after == seconds


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("code", ["M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"])
def test_refused_token_waits_for_a_person(status: int, code: str) -> None:
    with pytest.raises(TokenRefusedError) as error:
        read(status, {"errcode": code})
    assert error.value.retry_after == answers.TOKEN_RETRY


def test_refusal_holds_the_code_and_nothing_else() -> None:
    with pytest.raises(PermanentError) as error:
        read(403, {"errcode": "M_FORBIDDEN", "error": "@ada:circle.test is not in !room"})
    assert error.value.code == "M_FORBIDDEN"
    assert "ada" not in str(error.value)


@pytest.mark.parametrize(
    "code", ["@ada:circle.test", "M_" + "X" * 100, "", 7, None, "M FORBIDDEN"]
)
def test_what_is_no_code_is_not_told(code: Any) -> None:
    with pytest.raises(HomeserverError) as error:
        read(403, {"errcode": code})
    assert error.value.code == ""


@pytest.mark.parametrize("octets", [b"<html>", b"", b"[" * 100_000, b"\xff"])
def test_what_is_not_json(octets: bytes) -> None:
    for status in (200, 403, 404, 502):
        with pytest.raises(HomeserverError):
            read(status, octets)


def test_question_for_a_password_is_a_refusal() -> None:
    with pytest.raises(PermanentError) as error:
        read(401, {"flows": [{"stages": ["m.login.password"]}], "session": "x"})
    assert error.value.code == "UIA"


async def test_nobody_there_names_no_address() -> None:
    async with Client(f"http://127.0.0.1:{reserve_port()}", "token", KEEPER) as client:
        with pytest.raises(UnreachableError) as error:
            await client.join("!secret:room", user=KEEPER)
    assert "secret" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


async def test_silence_ends_in_time(on_stub: Place) -> None:
    async def never(_: Touch) -> None:
        await asyncio.Event().wait()

    on_stub.server.before = never
    with pytest.raises(UnreachableError):
        await on_stub.client.call("GET", "/_matrix/client/v3/joined_rooms", timeout=0.1)


async def test_broken_connection_is_transient(on_stub: Place) -> None:
    def crash(_: Touch) -> None:
        raise RuntimeError

    on_stub.server.after = crash
    with pytest.raises(UnreachableError):
        await on_stub.client.joined_rooms(user=on_stub.house.keeper)


async def test_waiting_time_comes_from_the_server(on_stub: Place) -> None:
    body = {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}
    on_stub.server.refuse = lambda _: web.json_response(body, status=429)
    with pytest.raises(TransientError) as error:
        await on_stub.client.joined_rooms(user=on_stub.house.keeper)
    assert error.value.retry_after == 2.5


async def test_ids_with_odd_letters_reach_the_server_whole(on_stub: Place) -> None:
    seen: list[str] = []
    on_stub.server.before = lambda touch: seen.append(touch.path)
    with pytest.raises(PermanentError):
        await on_stub.client.state("!a/b?c#d%2F:x", user=on_stub.house.keeper)
    assert seen == ["/_matrix/client/v3/rooms/!a/b?c#d%2F:x/state"]


async def test_redirects_are_not_followed(on_stub: Place) -> None:
    """A redirect would carry our token to whoever is named there."""
    on_stub.server.refuse = lambda _: web.Response(status=302, headers={"Location": "http://x"})
    with pytest.raises(HomeserverError):
        await on_stub.client.joined_rooms(user=on_stub.house.keeper)


async def test_same_transaction_id_sends_once(anywhere: Place) -> None:
    keeper = anywhere.house.keeper
    room = await anywhere.client.create_room({"preset": "private_chat"}, user=keeper)
    content = {"msgtype": "m.text", "body": "once"}
    first = await anywhere.client.send_event(
        room, "m.room.message", content, "txn", user=keeper, device="KEEPER"
    )
    second = await anywhere.client.send_event(
        room, "m.room.message", content, "txn", user=keeper, device="KEEPER"
    )
    assert first == second
    other = await anywhere.client.send_event(
        room, "m.room.message", content, "txn2", user=keeper, device="KEEPER"
    )
    page = await anywhere.client.messages(room, user=keeper)
    said = [event["event_id"] for event in page["chunk"] if event["type"] == "m.room.message"]
    assert said == [other, first]


async def test_pages_of_messages(anywhere: Place) -> None:
    keeper = anywhere.house.keeper
    room = await anywhere.client.create_room({"preset": "private_chat"}, user=keeper)
    for number in range(5):
        content = {"msgtype": "m.text", "body": str(number)}
        await anywhere.client.send_event(
            room, "m.room.message", content, f"t{number}", user=keeper
        )
    said: list[str] = []
    start: str | None = None
    for _ in range(30):
        page = await anywhere.client.messages(room, user=keeper, limit=2, start=start)
        said += [event["content"]["body"] for event in page["chunk"] if "body" in event["content"]]
        start = page.get("end")
        if start is None:
            break
    assert said == ["4", "3", "2", "1", "0"]


async def test_to_device_and_sync_carry_keys_only(anywhere: Place) -> None:
    keeper = anywhere.house.keeper
    first = await anywhere.client.sync(None)
    for _ in range(2):  # a homeserver does not part the transaction ids of our two users
        message = {keeper: {"KEEPER": {"hello": 1}}}
        await anywhere.client.put_to_device("m.test", f"once-{keeper}", message)
    await anywhere.client.create_room({"preset": "private_chat"}, user=keeper)
    second = await anywhere.client.sync(first["next_batch"])
    assert [event["content"] for event in second["to_device"]["events"]] == [{"hello": 1}]
    assert not (second.get("rooms") or {}).get("join")
    again = await anywhere.client.sync(first["next_batch"])
    assert again["to_device"] == second["to_device"]
    third = await anywhere.client.sync(second["next_batch"])
    assert not third.get("to_device", {}).get("events")
    assert second["device_one_time_keys_count"]["signed_curve25519"] > 0
    assert second["device_unused_fallback_key_types"] == ["signed_curve25519"]
