"""The address of a calendar: fetched again and again; all others lead nowhere alike."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from appservice.errors import StorageError
from appservice.web.calendar_feed import MINUTE, MISSES, CalendarFeed
from appservice.web.help_page import public_app
from tests.web.test_help_page import Public

SECRET = "0123456789abcdef0123456789abcdef"
PATH = f"/cal/{SECRET}.ics"
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Feeds:
    """What stands behind addresses, and how often it was looked up."""

    def __init__(self) -> None:
        self.known = {SECRET: CALENDAR}
        self.fault: Exception | None = None
        self.looked = 0
        self.seconds = 5000.0
        self.page = CalendarFeed(self._behind, lambda: self.seconds)

    async def _behind(self, secret: str) -> bytes | None:
        self.looked += 1
        if self.fault is not None:
            raise self.fault
        return self.known.get(secret)


@pytest.fixture
def feeds() -> Feeds:
    return Feeds()


@pytest.fixture
async def program(feeds: Feeds) -> AsyncIterator[TestClient]:
    public = Public()
    app = public_app(public.page, public.groups, feeds.page)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_an_address_gives_the_calendar(program: TestClient) -> None:
    answer = await program.get(PATH)
    assert (answer.status, await answer.read()) == (200, CALENDAR)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


async def test_it_is_not_given_again_while_nothing_changes(
    program: TestClient, feeds: Feeds
) -> None:
    tag = (await program.get(PATH)).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = await program.get(PATH, headers={"If-None-Match": known})
        assert (answer.status, await answer.read()) == (304, b""), known
        assert answer.headers["ETag"] == tag
    feeds.known[SECRET] = CALENDAR + b"\r\n"
    answer = await program.get(PATH, headers={"If-None-Match": tag})
    assert answer.status == 200
    assert answer.headers["ETag"] != tag


async def test_a_head_tells_the_same_without_the_calendar(program: TestClient) -> None:
    whole, head = await program.get(PATH), await program.head(PATH)
    assert (head.status, await head.read()) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == whole.headers[name]


async def test_all_others_get_the_same_bytes(program: TestClient, feeds: Feeds) -> None:
    unknown = await program.get("/cal/fedcba9876543210.ics")
    del feeds.known[SECRET]  # revoked, or the membership ended
    ended = await program.get(PATH)
    strange = await program.get("/cal/%00%F0%9F%98%80.ics")
    seen = [
        (one.status, await one.read(), _steady(one.headers)) for one in (unknown, ended, strange)
    ]
    assert seen[0][0] == 404
    assert seen[0] == seen[1] == seen[2]
    posted = await program.post(PATH)
    assert posted.status == 405


async def test_after_many_misses_it_rests_for_a_minute(program: TestClient, feeds: Feeds) -> None:
    for _ in range(MISSES):
        assert (await program.get("/cal/x.ics")).status == 404
    looked = feeds.looked
    answer = await program.get(PATH)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    assert feeds.looked == looked
    feeds.seconds += MINUTE
    assert (await program.get(PATH)).status == 200


async def test_who_fetches_often_is_never_locked_out(program: TestClient, feeds: Feeds) -> None:
    for _ in range(MISSES + 5):
        assert (await program.get(PATH)).status == 200


async def test_while_the_database_is_silent_programs_come_again(
    program: TestClient, feeds: Feeds
) -> None:
    feeds.fault = StorageError("gone")
    for path in (PATH, "/cal/x.ics"):
        answer = await program.get(path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")


def _steady(headers: object) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in headers.items() if name != "Date")
