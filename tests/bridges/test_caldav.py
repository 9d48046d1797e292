"""A calendar of facilitators on a real Radicale: put, put again, taken away; and what can fail."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from icalendar import Calendar

from appservice.domain.meetings.meeting import Meeting, Moved, Place, PlaceKind
from appservice.errors import PermanentError, TransientError
from appservice.ports import CalendarStyle
from bridges.calendar.caldav import CalDav, Collection
from tests.support.ports import reserve_port
from tests.support.radicale import PASSWORD, USER, Radicale
from tests.texts.test_calendar import SERIES, ZONES, calendars, series_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAME = calendars().name(SERIES.group, 1)
PLACE = Place(PlaceKind.ADDRESS, "Room 3, 2nd floor; ring\ntwice 😀 " + "ä" * 90)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def radicale(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    await server.start()
    yield server
    await server.stop()


def caldav(url: str, user: str = USER, password: str = PASSWORD) -> CalDav:
    return CalDav({"willow": Collection(url, user, password)})


def text(meeting: Meeting) -> bytes:
    return calendars().text([meeting], CalendarStyle(place=True, alarm=True))


async def test_a_meeting_is_put_changed_and_taken_away(radicale: Radicale) -> None:
    server = caldav(radicale.url)
    moved = (Moved(datetime(2026, 12, 8, 19), datetime(2026, 12, 9, 18)),)
    changed = replace(SERIES, moved=moved, sequence=1, place=PLACE)
    for meeting in (SERIES, SERIES, changed):
        await server.keep("Willow", NAME, text(meeting))
    assert radicale.entries() == [f"{NAME}.ics"]
    status, found = await radicale.ask("GET", f"{radicale.url}{NAME}.ics")
    assert status == 200
    events = Calendar.from_ical(found).walk("VEVENT")
    assert [event["SEQUENCE"] for event in events] == [1, 1]
    assert {str(event["LOCATION"]) for event in events} == {PLACE.where}
    for _ in range(2):
        await server.drop("WILLOW", NAME)
    assert radicale.entries() == []


async def test_it_takes_series_of_ten_zones(radicale: Radicale) -> None:
    server = caldav(radicale.url)
    for zone in ZONES:
        for meeting in (series_of(zone)[3], replace(SERIES, zone=zone, rule="")):
            name = calendars().name(meeting.group, meeting.number)
            await server.keep("Willow", name, text(meeting))
            _, found = await radicale.ask("GET", f"{radicale.url}{name}.ics")
            events = Calendar.from_ical(found).walk("VEVENT")
            before = Calendar.from_ical(text(meeting)).walk("VEVENT")
            key = sorted(str(event["DTSTART"].dt) for event in before)
            assert sorted(str(event["DTSTART"].dt) for event in events) == key
            await server.drop("Willow", name)


async def test_a_wrong_password_is_for_the_operator_to_mend(radicale: Radicale) -> None:
    with pytest.raises(PermanentError) as error:
        await caldav(radicale.url, password="wrong").keep("Willow", NAME, text(SERIES))
    assert error.value.code == "401"
    assert "wrong" not in f"{error.value!r} {error.value}"


async def test_a_calendar_that_is_not_there_is_told(radicale: Radicale) -> None:
    missing = radicale.url.replace("/team/", "/nowhere/")
    with pytest.raises(PermanentError):
        await caldav(missing).keep("Willow", NAME, text(SERIES))


async def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(TransientError):
        await caldav(f"http://127.0.0.1:{reserve_port()}/x/").keep("Willow", NAME, b"")


async def test_a_group_without_a_calendar_asks_nobody() -> None:
    await caldav("http://127.0.0.1:1/x/").keep("Rowan", NAME, b"")


async def test_what_it_is_told_stands_in_no_repr() -> None:
    told = repr(Collection("https://cal.example/willow/", "ada-canary", "pw-canary"))
    assert "canary" not in told
    assert "willow" not in told


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        (503, {"Retry-After": "120"}, TransientError, 120),
        (429, {"Retry-After": "9999999"}, TransientError, 3600),
        (500, {"Retry-After": "Thu, 26 Nov 2026 10:00:00 GMT"}, TransientError, None),
        (423, {}, TransientError, None),
        (302, {"Location": "http://127.0.0.1:1/"}, PermanentError, None),
        (403, {}, PermanentError, None),
        (404, {}, PermanentError, None),
    ],
)
async def test_answers_are_told_apart(
    status: int, headers: dict[str, str], error: type[Exception], wait: int | None
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        with pytest.raises(error) as found:
            await caldav(str(server.make_url("/c/"))).keep("Willow", NAME, b"")
    assert getattr(found.value, "retry_after", None) == wait
