"""The homeserver's door: who may in, what is taken, and what every answer looks like."""

import asyncio
import json
from io import BytesIO

import pytest

from tests.web.conftest import KEEPER, TOKEN

PATH = "/_matrix/app/v1/transactions/t1"
EVENT = {"event_id": "$1", "room_id": "!r", "sender": "@a:b", "type": "m.x", "content": {}}


async def test_a_transaction_is_kept_and_answered(homeserver, intake):
    answer = await homeserver.put(PATH, json={"events": [EVENT]})
    assert answer.status == 200
    assert await answer.json() == {}
    assert answer.headers["Content-Length"] == "2"
    assert intake.taken == [("t1", [EVENT])]


async def test_the_old_path_and_the_old_token_form_count(door, intake):
    answer = await door.put(
        "/transactions/t2", params={"access_token": TOKEN}, json={"events": [EVENT]}
    )
    assert answer.status == 200
    assert intake.taken == [("t2", [EVENT])]


@pytest.mark.parametrize(
    ("shown", "refused"),
    [
        (({}, {}), (401, "M_UNKNOWN_TOKEN")),
        (({"Authorization": "Bearer wrong"}, {}), (403, "M_FORBIDDEN")),
        (({"Authorization": "Bearer wrong"}, {"access_token": TOKEN}), (403, "M_FORBIDDEN")),
        (({"Authorization": f"Bearer {TOKEN}x"}, {}), (403, "M_FORBIDDEN")),
        (({"Authorization": f"Bearer {TOKEN[:-1]}"}, {}), (403, "M_FORBIDDEN")),
        (({"Authorization": "Bearer Schlüssel"}, {}), (403, "M_FORBIDDEN")),
        (({"Authorization": f"Basic {TOKEN}"}, {}), (401, "M_UNKNOWN_TOKEN")),
        (({}, {"access_token": "wrong"}), (403, "M_FORBIDDEN")),
        (({}, {"access_token": ""}), (401, "M_UNKNOWN_TOKEN")),
    ],
)
async def test_a_forged_transaction_is_refused(door, intake, shown, refused):
    headers, query = shown
    for method, path in (
        ("PUT", PATH),
        ("POST", "/_matrix/app/v1/ping"),
        ("GET", f"/_matrix/app/v1/users/{KEEPER}"),
    ):
        answer = await door.request(
            method, path, headers=headers, params=query, data='{"events": []}'
        )
        assert (answer.status, (await answer.json())["errcode"]) == refused
    assert intake.taken == []


async def test_a_forged_large_body_is_refused_unread(door, intake):
    answer = await door.put(PATH, data=BytesIO(b"x" * 65 * 1024**2))
    assert answer.status == 401
    assert intake.taken == []


@pytest.mark.parametrize("body", [b"", b"{", b'{"events": [}', b"\xff\xfe", b"nonsense"])
async def test_broken_json_is_refused_and_the_next_one_taken(homeserver, intake, body):
    answer = await homeserver.put(PATH, data=body)
    assert answer.status == 400
    assert (await answer.json())["errcode"] == "M_NOT_JSON"
    assert (await homeserver.put(PATH, json={"events": [EVENT]})).status == 200
    assert intake.taken == [("t1", [EVENT])]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        ({}, []),
        ({"events": []}, []),
        ({"events": None}, [None]),
        ({"events": {"a": 1}}, [{"a": 1}]),
        ({"events": [EVENT, 5, "x", None, [], EVENT]}, [EVENT, 5, "x", None, [], EVENT]),
        ([EVENT], [[EVENT]]),
        ("text", ["text"]),
        (None, [None]),
        ({"de.sorunome.msc2409.ephemeral": [{}], "events": [EVENT]}, [EVENT]),
    ],
)
async def test_odd_shapes_are_taken_for_the_intake_to_judge(homeserver, intake, body, events):
    answer = await homeserver.put(PATH, data=json.dumps(body))
    assert answer.status == 200
    assert intake.taken == [("t1", events)]


async def test_forty_mebibytes_are_taken(homeserver, intake):
    event = EVENT | {"content": {"ciphertext": "c" * 64 * 1024}}
    body = BytesIO(json.dumps({"events": [event] * 640}).encode())
    answer = await homeserver.put(PATH, data=body)
    assert answer.status == 200
    assert intake.taken[0][1] == [event] * 640


async def test_what_cannot_be_written_comes_again(homeserver, intake):
    intake.writable = False
    answer = await homeserver.put(PATH, json={"events": [EVENT]})
    assert answer.status == 503
    assert (await answer.json())["errcode"] == "M_UNAVAILABLE"
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_fault_of_ours_shows_nothing_of_itself(homeserver, intake, capsys):
    intake.fault = RuntimeError("canary in an exception")
    answer = await homeserver.put(PATH, json={"events": [EVENT]})
    assert answer.status == 500
    assert "canary" not in await answer.text()
    assert "canary" not in "".join(capsys.readouterr())


async def test_queries_know_our_two_users_only(homeserver):
    for path, status in (
        (f"/_matrix/app/v1/users/{KEEPER}", 200),
        ("/_matrix/app/v1/users/%40steward%3Acircle.test", 200),
        ("/users/@steward:circle.test", 200),
        ("/_matrix/app/v1/users/@mallory:circle.test", 404),
        ("/_matrix/app/v1/rooms/%23x:circle.test", 404),
        ("/_matrix/app/v1/thirdparty/protocol/irc", 404),
    ):
        answer = await homeserver.get(path)
        assert answer.status == status, path
        assert (await answer.json()) == {} or "errcode" in await answer.json()


async def test_a_ping_is_answered(homeserver):
    answer = await homeserver.post("/_matrix/app/v1/ping", json={"transaction_id": "x"})
    assert answer.status == 200
    assert await answer.json() == {}


async def test_an_unknown_method_is_refused_as_matrix_does(homeserver):
    answer = await homeserver.post(PATH, json={})
    assert answer.status == 405
    assert (await answer.json())["errcode"] == "M_UNRECOGNIZED"


async def test_http_1_0_gets_a_length_too(door, intake):
    body = json.dumps({"events": [EVENT]}).encode()
    reader, writer = await asyncio.open_connection(door.server.host, door.server.port)
    writer.write(
        f"PUT {PATH} HTTP/1.0\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert b" 200 " in head.splitlines()[0]
    assert b"content-length: 2" in head.lower()
    assert b"chunked" not in head.lower()
    assert rest == b"{}"
    assert intake.taken == [("t1", [EVENT])]
