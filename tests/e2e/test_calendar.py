"""A calendar on a real Synapse and a real Radicale, and a video server that is away."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from icalendar import Calendar

from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.events import MeetingDue
from appservice.domain.meetings.meeting import Meeting, Place, PlaceKind
from appservice.domain.types import CauseId, GroupId
from appservice.main import open_store
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from tests.e2e.test_forget_me import opened_file
from tests.e2e.town import TROUBLE, Town, inhabited
from tests.support.ports import reserve_port
from tests.support.radicale import PASSWORD, USER, Radicale
from tests.support.walker import Walker

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]
PUBLIC = reserve_port()
PAGES = f"http://127.0.0.1:{PUBLIC}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def radicale(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    await server.start()
    yield server
    await server.stop()


def settings_with(folder: Path, radicale: Radicale) -> dict[str, Any]:
    """Name both servers; nobody listens where the video server should be."""
    for name, secret in (("caldav", PASSWORD), ("jitsi", "a secret of the video server " * 2)):
        (folder / name).write_text(secret, encoding="utf-8")
    calendar = {"url": radicale.url, "user": USER, "password_file": str(folder / "caldav")}
    video = {"domain": f"127.0.0.1:{reserve_port()}", "app_id": "circlekeeper"}
    return {
        "public": f"127.0.0.1:{PUBLIC}",
        "group_pages": PAGES,
        "calendars": {"ROWAN": calendar},
        "jitsi": {**video, "secret_file": str(folder / "jitsi")},
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    tmp_path_factory: pytest.TempPathFactory, radicale: Radicale
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    async with inhabited(folder, settings=settings_with(folder, radicale)) as made:
        made.groups["ROWAN"], made.facilitators = await made.found("ROWAN")
        yield made
        assert not [word for word in TROUBLE if word in made.log()]


async def plan(town: Town, **changes: Any) -> Meeting:
    """Let the group meet in twenty minutes, and let it be looked at."""
    clock = SystemClock()
    now = clock.now()
    group = GroupId(town.groups["ROWAN"]["group"])
    start = (now + timedelta(minutes=20)).replace(second=0, microsecond=0, tzinfo=None)
    place = Place(PlaceKind.JITSI)
    meeting = Meeting(group, 1, start, "UTC", 60, "FREQ=WEEKLY", place=place, made=now)
    meeting = Meeting(**{**vars(meeting), **changes})
    event = MeetingDue(group, 1)
    store = await open_store(Settings.load(town.house.folder / "circlekeeper.yaml"), clock)
    async with store.begin() as work:
        await work.put(meeting)
        cause = CauseId(f"test {now.isoformat()}")
        await work.accept([Arrival(cause, lane_of_event(event), "event", event, now)])
    await store.close()
    return meeting


async def fetched(address: str, tag: str = "") -> tuple[int, bytes, str]:
    """Return status, body and tag of an address, as a calendar program asks for it."""
    headers = {"If-None-Match": tag} if tag else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(address) as answer,
    ):
        return answer.status, await answer.read(), answer.headers.get("ETag", "")


async def address_of(walker: Walker) -> str:
    said = await walker.hear("notice")
    (found,) = [word for word in said.body.split() if word.startswith(PAGES)]
    return found


async def test_a_calendar_from_the_word_to_its_end(town: Town, radicale: Radicale) -> None:
    mira = await Walker.meet(await town.log_in(town.facilitators[0]), town.house.keeper)
    ada = await town.walker("ada")
    for walker in (mira, ada):
        await walker.join(town.groups["ROWAN"]["code"])
        await walker.hear_nothing_more()
    meeting = await plan(town)

    # half an hour before, nobody answers there: the facilitators read what they can do
    told = await mira.hear("notice")
    assert "video server does not answer" in told.body

    # the facilitators' calendar has it, and nothing that tells of what
    (name,) = radicale.entries()
    _, entry = await radicale.ask("GET", f"{radicale.url}{name}")
    assert b"ROWAN" not in entry.upper()

    # a file, and an address that is said once
    await ada.say("calendar")
    assert "as a file" in (await ada.hear("notice")).body
    file = await opened_file(town.house, ada, await ada.hear("notice"))
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event["DTSTART"].dt.replace(tzinfo=None) == meeting.start
    assert event["UID"] == name.removesuffix(".ics")
    first = await address_of(ada)
    status, feed, tag = await fetched(first)
    assert (status, len(Calendar.from_ical(feed).walk("VEVENT"))) == (200, 1)
    assert (await fetched(first, tag))[0] == 304

    # a link of one's own, since it is less than half an hour
    await ada.say("where")
    assert "ROWAN" in (await ada.hear("notice")).body
    assert "?jwt=" in (await ada.hear("notice")).body

    # another address ends this one, and so does leaving
    await ada.say("calendar new")
    second = await address_of(ada)
    unknown = await fetched(f"{PAGES}/cal/{'0' * 32}.ics")
    assert await fetched(first) == unknown
    assert (await fetched(second))[0] == 200
    await ada.ask("leave", "withdrawn")
    assert await fetched(second) == unknown
    assert unknown[0] == 404

    for secret in (first, second):
        part = secret.rpartition("/")[2].removesuffix(".ics")
        assert part not in town.log()
        for path in town.house.folder.glob("*.db*"):
            assert part.encode() not in path.read_bytes()
