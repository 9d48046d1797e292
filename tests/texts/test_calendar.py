"""Meetings as iCalendar: read back by icalendar, ical.js and Radicale, the same times in all."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from appservice.domain.meetings.meeting import Meeting, Moved, Place, PlaceKind
from appservice.domain.meetings.recurrence import between
from appservice.domain.types import GroupId
from appservice.ports import CalendarStyle
from appservice.texts.calendar import Calendars
from tests.support.story import words
from tests.support.synapse import ROOT

ZONES = (
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "UTC",
)
FROM, TO = datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 6, 1, tzinfo=UTC)
GROUP = GroupId("g")
SERIES = Meeting(GROUP, 1, datetime(2026, 12, 1, 19), "Europe/Berlin", 75, "FREQ=WEEKLY;BYDAY=TU")
CANARY = "willow-canary"


def hashed(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def calendars() -> Calendars:
    return Calendars(words(), hashed)


def text(*meetings: Meeting, **style: Any) -> bytes:
    return calendars().text(meetings, CalendarStyle(**style))


def events(octets: bytes) -> list[Any]:
    return Calendar.from_ical(octets).walk("VEVENT")


def in_node(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    assert node, "Node 20 or later is needed: make setup"
    script = ROOT / "tests" / "interop" / "calendar.mjs"
    done = subprocess.run(
        [node, str(script)], input=json.dumps(asked).encode(), capture_output=True, check=True
    )
    return json.loads(done.stdout)


def asked_of(octets: bytes, begin: datetime = FROM, end: datetime = TO) -> dict[str, Any]:
    return {"ics": octets.decode(), "from": begin.timestamp(), "to": end.timestamp()}


def times(meeting: Meeting) -> list[list[float]]:
    found = between(meeting, FROM, TO)
    return [[one.starts.timestamp(), one.ends.timestamp()] for one in found]


def series_of(zone: str) -> list[Meeting]:
    """Return meetings across all changes of a zone: in the evening, at night, on the last day."""
    first = datetime(2024, 1, 2, 19)
    return [
        Meeting(GROUP, 1, first, zone, 60, "FREQ=WEEKLY;BYDAY=TU"),
        Meeting(GROUP, 2, first.replace(hour=2, minute=30), zone, 60, "FREQ=DAILY;COUNT=1500"),
        Meeting(GROUP, 3, first.replace(hour=1, minute=45), zone, 45, "FREQ=DAILY;INTERVAL=1"),
        Meeting(GROUP, 4, first, zone, 90, "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20290101T190000"),
        Meeting(GROUP, 5, first, zone, 90, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20281230"),
        Meeting(
            GROUP,
            6,
            first.replace(minute=15, hour=3),
            zone,
            75,
            "FREQ=DAILY;COUNT=900",
            cancelled=(datetime(2024, 2, 1, 3, 15), datetime(2025, 3, 30, 3, 15)),
            moved=(
                Moved(datetime(2024, 3, 1, 3, 15), datetime(2024, 3, 3, 9)),
                Moved(datetime(2024, 3, 31, 3, 15), datetime(2024, 3, 31, 2, 30), 20),
                Moved(datetime(2024, 4, 1, 12), datetime(2024, 4, 2, 13)),  # by no rule
            ),
        ),
    ]


@pytest.mark.interop
def test_ical_js_finds_the_same_times_in_ten_zones_over_years() -> None:
    every = [meeting for zone in ZONES for meeting in series_of(zone)]
    found = in_node([asked_of(text(meeting)) for meeting in every])
    for meeting, one in zip(every, found, strict=True):
        assert [entry[:2] for entry in one["found"]] == times(meeting), meeting


@pytest.mark.interop
def test_ical_js_reads_every_place_as_it_was_written() -> None:
    written = "Room 3, 2nd floor; ring\ntwice \\ 😀 " + "ä" * 90
    octets = text(replace(SERIES, place=Place(PlaceKind.ADDRESS, written)), place=True, feed=True)
    one = in_node([asked_of(octets)])[0]["found"][0]
    assert one[2:] == ["Meeting", written]


def test_no_line_is_longer_than_75_octets() -> None:
    place = Place(PlaceKind.ADDRESS, "äß😀" * 90)
    for line in text(replace(SERIES, place=place), place=True, language="de").split(b"\r\n"):
        assert len(line) <= 75


@given(
    where=st.text(
        st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), min_size=1
    ).filter(lambda one: one.strip()),
    zone=st.sampled_from(ZONES),
    minutes=st.integers(5, 600),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(
    where: str, zone: str, minutes: int, start: datetime
) -> None:
    start = start.replace(second=0, microsecond=0)
    place = Place(PlaceKind.LINK, where)
    meeting = Meeting(GROUP, 7, start, zone, minutes, place=place)
    (event,) = events(text(meeting, place=True, alarm=True))
    assert str(event["LOCATION"]) == where.replace("\r\n", "\n")
    assert event["DTSTART"].dt.replace(tzinfo=None) == start
    assert event["DTSTART"].params.get("TZID", "UTC") == zone
    assert event["DURATION"].dt == timedelta(minutes=minutes)
    assert event["UID"] == calendars().name(GROUP, 7)
    assert str(event["SUMMARY"]) == "Meeting"


def test_nothing_in_it_names_the_group_or_anybody() -> None:
    host = f"@{CANARY}:example.org"
    place = Place(PlaceKind.LINK, f"https://{CANARY}.example.org/room")
    octets = text(replace(SERIES, group=GroupId(CANARY), host=host, place=place), feed=True)
    assert CANARY.encode() not in octets
    assert b"LOCATION" not in octets
    assert b"VALARM" not in octets


def test_the_same_meetings_give_the_same_octets_and_a_change_others() -> None:
    assert text(SERIES) == text(SERIES)
    assert text(SERIES) != text(replace(SERIES, sequence=1))


def test_the_sequence_goes_into_each_event() -> None:
    moved = (Moved(datetime(2026, 12, 8, 19), datetime(2026, 12, 9, 18)),)
    for event in events(text(replace(SERIES, sequence=4, moved=moved))):
        assert event["SEQUENCE"] == 4


def test_what_was_called_off_is_told_as_called_off() -> None:
    single = replace(SERIES, rule="")
    called_off = (
        replace(SERIES, ended=datetime(2026, 12, 2, tzinfo=UTC)),
        replace(single, cancelled=(single.start,)),
    )
    for meeting in called_off:
        (event,) = events(text(meeting, alarm=meeting.ended is not None))
        assert event["STATUS"] == "CANCELLED"
        assert not event.subcomponents
    assert events(text(single))[0]["STATUS"] == "CONFIRMED"


def test_a_single_meeting_that_was_moved_has_its_new_time() -> None:
    moved = (Moved(SERIES.start, datetime(2026, 12, 2, 18)),)
    (event,) = events(text(replace(SERIES, rule="", moved=moved)))
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 12, 2, 18)


def test_a_series_that_begins_before_its_first_day_begins_on_it() -> None:
    late = replace(SERIES, start=datetime(2026, 11, 28, 19), rule="FREQ=WEEKLY;BYDAY=TU;COUNT=2")
    (event,) = events(text(late))
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 12, 1, 19)


def test_a_calendar_without_a_meeting_is_one_all_the_same() -> None:
    whole = Calendar.from_ical(text(zone="Pacific/Apia", feed=True))
    assert [one.name for one in whole.subcomponents] == ["VTIMEZONE"]
    assert not events(text(replace(SERIES, rule="FREQ=DAILY;UNTIL=20200101T000000")))


def test_a_title_is_in_the_language_of_its_reader() -> None:
    (event,) = events(text(SERIES, language="de"))
    assert str(event["SUMMARY"]) == "Treffen"
