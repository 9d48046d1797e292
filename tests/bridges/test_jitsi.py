"""Links to a video room: signed, short, nameless, and to another room each time."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from appservice.domain.effects import Visit
from appservice.domain.types import GroupId
from bridges.video.jitsi import LASTS, Jitsi
from tests.support.ports import reserve_port
from tests.texts.test_calendar import hashed

SECRET = "an app secret that is long enough for HS256"
VISIT = Visit(GroupId("group-willow"), 1, datetime(2026, 12, 1, 19))


def jitsi(domain: str = "meet.example.org", **more: object) -> Jitsi:
    now = datetime.fromtimestamp(int(time.time()), UTC)
    return Jitsi(domain, "circlekeeper", SECRET, hashed, lambda: now, **more)


def read(link: str) -> tuple[str, dict[str, object]]:
    """Return room and claims, as the server reads them."""
    parts = urlsplit(link)
    (token,) = parse_qs(parts.query)["jwt"]
    claims = jwt.decode(
        token, SECRET, algorithms=["HS256"], audience="jitsi", issuer="circlekeeper"
    )
    return parts.path[1:], claims


def test_a_link_lets_into_one_room_for_half_an_hour() -> None:
    server = jitsi()
    room, claims = read(server.link(VISIT))
    assert claims["room"] == room
    assert claims["sub"] == "meet.example.org"
    assert claims["exp"] == int((server.now() + LASTS).timestamp())
    assert timedelta(minutes=30) == LASTS
    late = replace(server, now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(jwt.ExpiredSignatureError):
        read(late.link(VISIT))


def test_each_occurrence_has_a_room_that_nobody_guesses() -> None:
    others = (replace(VISIT, was=datetime(2026, 12, 8, 19)), replace(VISIT, number=2))
    rooms = {read(jitsi().link(one))[0] for one in (VISIT, *others)}
    assert len(rooms) == 3
    assert all(len(room) == 32 for room in rooms)
    assert read(jitsi().link(replace(VISIT, host=True)))[0] == read(jitsi().link(VISIT))[0]


def test_the_host_leads_and_nobody_else() -> None:
    _, host = read(jitsi().link(replace(VISIT, host=True)))
    _, member = read(jitsi().link(VISIT))
    assert host["context"] == {"user": {"moderator": True, "affiliation": "owner"}}
    assert member["context"] == {"user": {"moderator": False, "affiliation": "member"}}


def test_nobody_and_no_group_is_named() -> None:
    link = jitsi().link(VISIT)
    assert "willow" not in f"{link}{read(link)}"
    assert SECRET not in repr(jitsi())


@pytest.fixture
async def statuses() -> AsyncIterator[tuple[str, list[int]]]:
    """A server that answers with the first of these."""
    wanted = [200]

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=wanted[0])

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestServer(app) as server:
        yield f"127.0.0.1:{server.port}", wanted


async def test_a_server_answers_or_not(statuses: tuple[str, list[int]]) -> None:
    domain, wanted = statuses
    for status, up in ((200, True), (302, True), (403, True), (500, False), (502, False)):
        wanted[0] = status
        assert await jitsi(domain, scheme="http").answers() is up
    assert not await jitsi(f"127.0.0.1:{reserve_port()}").answers()
