"""What an address leads to: the meetings of one group, for whoever is a member still."""

from dataclasses import replace
from datetime import datetime, timedelta

from icalendar import Calendar

from appservice.domain.group import Group
from appservice.domain.meetings.feed import Feed
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.types import GroupId, UserId
from appservice.service.calendar_feed import feed_behind
from appservice.texts.calendar import Calendars
from tests.support.agreed import agreed
from tests.support.memory_store import MemoryStore
from tests.support.story import START, example, words

ADA = UserId("@ada:example.org")
GROUP = Group(GroupId("g"), "open", example(), START)
SECRET = "a" * 32
CONSENT = agreed(ADA, GROUP.id, START, admitted=True)
MEETINGS = tuple(
    Meeting(GroupId(group), 1, datetime(2026, 12, 1, 19), "Europe/Berlin", 60)
    for group in ("g", "other")
)


async def behind(*records: object, secret: str = SECRET, language: str = "en") -> bytes | None:
    store = MemoryStore()
    kept = store.hash("calendar feed", SECRET)
    assert SECRET not in kept
    async with store.begin() as work:
        for record in (*records, Feed(ADA, GROUP.id, kept, language, START), *MEETINGS):
            await work.put(record)
    return await feed_behind(store, Calendars(words(), store.hash), secret, START)


async def test_it_leads_to_the_meetings_of_its_group_in_the_language_of_its_reader() -> None:
    found = await behind(GROUP, CONSENT, language="de")
    assert found is not None
    (event,) = Calendar.from_ical(found).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Treffen"
    assert b"REFRESH-INTERVAL" in found


async def test_it_leads_nowhere_for_others_and_after_the_end() -> None:
    ended = replace(CONSENT, withdrawn=START + timedelta(days=1))
    assert await behind(GROUP, CONSENT, secret="b" * 32) is None
    assert await behind(GROUP, ended) is None
    assert await behind(GROUP) is None
    assert await behind(CONSENT) is None
