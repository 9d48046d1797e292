"""What meetings need of the outside: published, looked at, told once; links made at the end."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from appservice.domain.effects import CheckVideo, Leave, Message, Publish, Say, ShowPlace, Visit
from appservice.domain.events import OutsideFailed, PageFailed
from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, Place, PlaceKind
from appservice.domain.types import EffectId, GroupId, RoomId, Text, UserId
from appservice.errors import PermanentError, TransientError
from appservice.ports import Performed, Posting
from appservice.service.outside import Outside
from appservice.service.paging import Paging
from appservice.texts.calendar import Calendars
from tests.support.memory_store import MemoryStore
from tests.support.story import START, example, house, words

GROUP = Group(GroupId("g"), "open", example(), START)
MEETING = Meeting(GROUP.id, 1, datetime(2026, 12, 1, 19), "Europe/Berlin", 60)
PUBLISH = Publish(GROUP.id, "Willow", 1)
WAS = MEETING.start


class World:
    """A homeserver, a calendar server and a video server that only remember."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.entries: dict[str, bytes] = {}
        self.fault: Exception | None = None
        self.performed: list[Posting] = []
        self.given_up: list[Posting] = []
        self.up = True
        self.places = False

    # homeserver

    async def perform(self, posting: Posting) -> Performed:
        self.performed.append(posting)
        return Performed()

    async def give_up(self, posting: Posting) -> None:
        self.given_up.append(posting)

    # calendar server

    async def keep(self, _group: str, name: str, text: bytes) -> None:
        if self.fault is not None:
            raise self.fault
        self.entries[name] = text

    async def drop(self, _group: str, name: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.entries.pop(name, None)

    def shows_places(self, _group: str) -> bool:
        return self.places

    # video server

    def link(self, visit: Visit) -> str:
        return f"https://video/{visit.number}"

    async def answers(self) -> bool:
        return self.up

    # clock

    def now(self) -> datetime:
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def outside(self, **missing: Any) -> Outside:
        calendars = Calendars(words(), self.store.hash)
        paging = Paging((), self.store, self, words(), house())
        parts = {"server": self, "video": self, "paging": paging, **missing}
        return Outside(self, self.store, self, calendars, **parts)

    async def put(self, *records: Any) -> None:
        async with self.store.begin() as work:
            for record in records:
                await work.put(record)

    async def does(self, effect: Any, **missing: Any) -> Performed:
        return await self.outside(**missing).perform(posting(effect))


def posting(effect: Any) -> Posting:
    return Posting(EffectId("id"), "lane", effect, START)


@pytest.fixture
async def world() -> World:
    made = World()
    await made.put(GROUP, MEETING)
    return made


async def test_a_meeting_is_published_as_it_is_by_then(world: World) -> None:
    await world.put(replace(MEETING, sequence=3))
    await world.does(PUBLISH)
    await world.does(PUBLISH)
    (text,) = world.entries.values()
    assert b"SEQUENCE:3" in text
    assert b"Willow" not in text


async def test_a_link_goes_there_only_if_the_operator_says_so(world: World) -> None:
    await world.put(replace(MEETING, place=Place(PlaceKind.LINK, "https://a.example/x")))
    await world.does(PUBLISH)
    assert b"LOCATION" not in next(iter(world.entries.values()))
    world.places = True
    await world.does(PUBLISH)
    assert b"LOCATION:https://a.example/x" in next(iter(world.entries.values()))


async def test_what_is_called_off_or_gone_is_taken_away(world: World) -> None:
    await world.does(PUBLISH)
    await world.put(replace(MEETING, ended=START))
    await world.does(PUBLISH)
    assert world.entries == {}
    await world.does(replace(PUBLISH, number=7))


@pytest.mark.parametrize("fault", [TransientError("away"), PermanentError("no", "403")])
async def test_that_it_does_not_go_is_told_once_and_tried_again(
    world: World, fault: Exception
) -> None:
    world.fault = fault
    for _ in range(2):
        with pytest.raises(type(fault)):
            await world.does(PUBLISH)
    assert {one.id for one in world.store.inbox} == {world.store.inbox[0].id}
    assert world.store.inbox[0].body == OutsideFailed(GROUP.id, 1, "calendar")
    world.fault = None
    await world.does(PUBLISH)
    assert len(world.entries) == 1


async def test_without_a_calendar_server_there_is_nothing_to_do(world: World) -> None:
    assert await world.does(PUBLISH, server=None) == Performed()


async def test_a_video_server_that_answers_is_nothing_to_tell(world: World) -> None:
    check = CheckVideo(GROUP.id, 1, WAS)
    assert await world.does(check) == Performed()
    world.up = False
    failed = OutsideFailed(GROUP.id, 1, "video", WAS)
    assert (await world.does(check)).happened == (failed,)
    assert (await world.does(check, video=None)).happened == (failed,)


def shown() -> ShowPlace:
    message = Message("notice", (Text("place-link-own"),), "en", ("notice",))
    return ShowPlace(RoomId("!r"), message, Visit(GROUP.id, 4, WAS))


async def test_a_link_is_made_when_it_is_said(world: World) -> None:
    await world.does(shown())
    (said,) = world.performed
    assert isinstance(said.effect, Say)
    assert words().say(said.effect.message.lines[-1], "en") == "https://video/4"
    assert (said.id, said.effect.room) == ("id", "!r")


async def test_all_else_is_the_homeservers(world: World) -> None:
    leave = Leave(RoomId("!r"), UserId("@k:x"))
    await world.does(leave)
    outside = world.outside()
    for effect in (leave, shown(), PUBLISH, CheckVideo(GROUP.id, 1, WAS)):
        await outside.give_up(posting(effect))
    assert [type(one.effect) for one in world.given_up] == [Leave, Say]


async def test_an_alert_that_can_never_be_said_happens_as_a_page_that_failed_once():
    world = World()
    failed = PageFailed(GROUP.id, 12, UserId("@ada:example.org"), "0 duty")
    message = Message("case_new", (Text("alert-take"),), "en")
    alert = posting(Say(RoomId("!r"), message, unheard=failed))
    outside = world.outside()
    await outside.give_up(alert)
    await outside.give_up(alert)
    await outside.give_up(replace(alert, id=EffectId("f"), effect=Say(RoomId("!r"), message)))
    assert {one.id for one in world.store.inbox} == {world.store.inbox[0].id}
    assert world.store.inbox[0].body == failed
    assert len(world.given_up) == 3
