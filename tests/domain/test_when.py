"""Times in plain words, in English and German: one reading, several, or one sentence why none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.meetings.recurrence import instant
from appservice.domain.meetings.when import Hearing, read
from appservice.domain.types import Text
from tests.support.story import known_of_charters, words

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
WEEKLY = "FREQ=WEEKLY;BYDAY="


def hearing(language: str = "en", now: datetime = NOW, zone: str = "Europe/Berlin") -> Hearing:
    return Hearing(words(), language, now, zone, known_of_charters().zones)


def heard(text: str, language: str = "en", now: datetime = NOW) -> list[tuple[str, str]]:
    found = read(text, hearing(language, now))
    assert not isinstance(found, Text), found
    return [(f"{wish.start:%Y-%m-%d %H:%M}", wish.rule) for wish in found]


@pytest.mark.parametrize(
    ("text", "start", "rule"),
    [
        ("every tue 19:00", "2026-11-24 19:00", WEEKLY + "TU"),
        ("every other thursday at 7pm", "2026-11-26 19:00", WEEKLY + "TH;INTERVAL=2"),
        ("every 2 weeks on wed 18:00", "2026-11-25 18:00", WEEKLY + "WE;INTERVAL=2"),
        ("every monday, wednesday 7:30 pm", "2026-11-23 19:30", WEEKLY + "MO,WE"),
        ("tuesdays and thursdays 18:00", "2026-11-24 18:00", WEEKLY + "TU,TH"),
        ("weekly on sunday 5pm", "2026-11-29 17:00", WEEKLY + "SU"),
        ("first monday of the month 18:30", "2026-12-07 18:30", "FREQ=MONTHLY;BYDAY=1MO"),
        ("every first monday 18:30", "2026-12-07 18:30", "FREQ=MONTHLY;BYDAY=1MO"),
        ("last friday of every month at noon", "2026-11-27 12:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("every month on the 12th 18:00", "2026-12-12 18:00", "FREQ=MONTHLY;BYMONTHDAY=12"),
        ("every day 19:00 6 times", "2026-11-23 19:00", "FREQ=DAILY;COUNT=6"),
        ("every tue 19:00 from 12 may 8x", "2027-05-18 19:00", WEEKLY + "TU;COUNT=8"),
        (
            "every tue 19:00 until 30 june",
            "2026-11-24 19:00",
            WEEKLY + "TU;UNTIL=20270630T235959",
        ),
        (
            "tue 19:00 until 30 june",
            "2026-11-24 19:00",
            "FREQ=WEEKLY;UNTIL=20270630T235959",
        ),
        ("12.5. 18:30", "2027-05-12 18:30", ""),
        ("wed 12 may 19:00", "2027-05-12 19:00", ""),
        ("may 12 2028 at 7 p.m.", "2028-05-12 19:00", ""),
        ("29 feb 19:00", "2028-02-29 19:00", ""),
        ("2027-05-12 18:30", "2027-05-12 18:30", ""),
        ("13/4 19:00", "2027-04-13 19:00", ""),
        ("the 3rd 19:00", "2026-12-03 19:00", ""),
        ("tomorrow 19:00", "2026-11-24 19:00", ""),
        ("tonight at 8", "2026-11-23 20:00", ""),
        ("monday 12:00", "2026-11-30 12:00", ""),  # it is past noon in Berlin
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,TH 19:00", "2026-11-24 19:00", WEEKLY + "TU,TH"),
        (
            "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270101T000000Z 19:00",
            "2026-11-23 19:00",
            WEEKLY + "MO;UNTIL=20270101T010000",
        ),
    ],
)
def test_english_words_for_times(text, start, rule):
    assert heard(text) == [(start, rule)]


@pytest.mark.parametrize(
    ("text", "start", "rule"),
    [
        ("jeden dienstag um 19 uhr", "2026-11-24 19:00", WEEKLY + "TU"),
        ("jeden zweiten donnerstag 19:00", "2026-11-26 19:00", WEEKLY + "TH;INTERVAL=2"),
        ("alle 2 wochen mittwochs 18:00", "2026-11-25 18:00", WEEKLY + "WE;INTERVAL=2"),
        ("dienstags um 7 abends", "2026-11-24 19:00", WEEKLY + "TU"),
        ("ersten montag im monat 18:30", "2026-12-07 18:30", "FREQ=MONTHLY;BYDAY=1MO"),
        ("jeden letzten freitag im monat 18 uhr", "2026-11-27 18:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("monatlich am 12. um 18 uhr", "2026-12-12 18:00", "FREQ=MONTHLY;BYMONTHDAY=12"),
        ("ab 12. mai jeden mittwoch 19 uhr", "2027-05-12 19:00", WEEKLY + "WE"),
        ("jeden di 19:00 6 mal", "2026-11-24 19:00", WEEKLY + "TU;COUNT=6"),
        ("am 12.5. um 18.30 uhr", "2027-05-12 18:30", ""),
        ("Mi, 12. Mai, 19:00", "2027-05-12 19:00", ""),
        ("übermorgen 18 uhr 30", "2026-11-25 18:30", ""),
        ("morgen um 19 uhr", "2026-11-24 19:00", ""),
    ],
)
def test_german_words_for_times(text, start, rule):
    assert heard(text, "de") == [(start, rule)]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("tomorrow 7", ["2026-11-24 07:00", "2026-11-24 19:00"]),
        ("3/4 19:00", ["2027-04-03 19:00", "2027-03-04 19:00"]),
        ("next friday 19:00", ["2026-11-27 19:00", "2026-12-04 19:00"]),
        ("next monday 19:00", ["2026-11-30 19:00"]),
        ("tue 13 may 19:00", ["2027-05-13 19:00", "2027-05-11 19:00"]),  # that day is no Tuesday
        ("every third thursday 19:00", ["2026-11-26 19:00", "2026-12-17 19:00"]),
        ("3/4 at 7", [f"2027-0{d} {h}:00" for d in ("4-03", "3-04") for h in ("07", "19")]),
        ("today 7", ["2026-11-23 19:00"]),  # seven in the morning is over
    ],
)
def test_what_can_mean_two_things_is_read_in_both_ways(text, starts):
    assert [start for start, _ in heard(text)] == starts


def test_next_friday_said_on_a_thursday_may_be_tomorrow_or_in_eight_days():
    thursday = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    starts = [start for start, _ in heard("next friday 19:00", now=thursday)]
    assert starts == ["2026-11-27 19:00", "2026-12-04 19:00"]


def test_every_other_week_begins_with_the_first_that_can_be():
    friday = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    assert heard("every other thursday 19:00", now=friday)[0][0] == "2026-12-03 19:00"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("for 75m", 75),
        ("for 90 minutes", 90),
        ("for an hour", 60),
        ("1h30", 90),
        ("for 1 hour 30 minutes", 90),
        ("1.5 hours", 90),
        ("2h", 120),
        ("", None),
    ],
)
def test_how_long(text, minutes):
    (wish,) = read(f"every tue 19:00 {text}", hearing())
    assert wish.minutes == minutes


def test_from_and_to_in_one_word():
    (wish,) = read("every tue 19:00-20:15", hearing())
    assert (f"{wish.start:%H:%M}", wish.minutes) == ("19:00", 75)


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ("call", "call", ""),
        ("circle", "circle", ""),
        ("at 19:00 jitsi", "jitsi", ""),
        ("https://meet.example.org/Abc", "link", "https://meet.example.org/Abc"),
        ("at Main Street 5", "address", "Main Street 5"),
        ("address 5 Main Street, left door", "address", "5 Main Street, left door"),
    ],
)
def test_where(text, kind, where):
    time = "" if "19:00" in text else "19:00"
    (wish,) = read(f"every tue {time} {text}", hearing())
    assert (wish.place.kind, wish.place.where) == (kind, where)
    assert f"{wish.start:%H:%M}" == "19:00"


def test_zone_and_host_stand_anywhere():
    (wish,) = read("host @mei:example.org every tue New York 19:00 circle", hearing())
    assert (wish.zone, wish.host) == ("America/New_York", "@mei:example.org")
    (wish,) = read("every tue 19:00 australia/lord_howe with @mei", hearing())
    assert (wish.zone, wish.host) == ("Australia/Lord_Howe", "@mei")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "when-no-time"),
        ("every tue", "when-no-time"),
        ("19:00", "when-no-day"),
        ("every week 19:00", "when-which-day"),
        ("every blue moon 19:00", "when-unread"),
        ("every tue 25:00", "when-unread"),
        ("tue 19:00 tue 20:00", "when-unread"),
        ("31 june 19:00", "when-no-such-day"),
        ("31.6. 19:00", "when-no-such-day"),
        ("2020-01-01 19:00", "when-past"),
        ("today 10:00", "when-past"),
        ("every minute", "when-too-often"),
        ("every 10 minutes", "when-too-often"),
        ("FREQ=HOURLY 19:00", "when-too-often"),
        ("FREQ=DAILY;BYHOUR=1,2,3 19:00", "rule-unread"),
        ("FREQ=WEEKLY;BYDAY=1MO 19:00", "rule-unread"),
        ("FREQ=WEEKLY;INTERVAL=0 19:00", "rule-unread"),
        ("FREQ=MONTHLY;BYMONTHDAY=99 19:00", "rule-unread"),
        ("FREQ=WEEKLY;COUNT=3;COUNT=4 19:00", "rule-unread"),
        ("FREQ=NEVER 19:00", "rule-unread"),
        ("every tue 19:00 for 1 minute", "when-length"),
        ("every tue 19:00 for 20 hours", "when-length"),
        ("every tue 19:00 until 2026-11-01", "when-until-early"),
        ("every tue 19:00 0 times", "rule-never"),
        ("every tue 19:00 Europe/Berln", "zone-nearest"),
        ("every tue 19:00 Xyz/Qqqqqq", "zone-unknown"),
        ("a b " * 40, "when-too-long"),
    ],
)
def test_bad_input_gets_one_sentence(text, key):
    found = read(text, hearing())
    assert isinstance(found, Text)
    assert found.key == key
    for language in ("en", "de"):
        assert words().say(found, language)


def test_a_misspelt_zone_is_met_with_the_nearest_ones():
    found = read("every tue 19:00 Europe/Berln", hearing())
    assert found.values["zones"].startswith("Europe/Berlin")


_PIECES = "every other tue 7 19:00 12.5. 3/4 may 12 until for 75m pm am first monday of the month"
_PIECES += " 6 times at circle next friday https://a.b/c @x jeden zweiten um uhr FREQ=DAILY 2027"


@given(st.lists(st.sampled_from(_PIECES.split()) | st.text(max_size=6), max_size=12))
def test_whatever_is_written_is_read_or_refused(pieces):
    """No words break it, and every reading lies ahead and has a date."""
    for language in ("en", "de"):
        found = read(" ".join(pieces), hearing(language))
        if isinstance(found, Text):
            assert words().say(found, language)
            continue
        assert found
        for wish in found:
            assert instant(wish.start, wish.zone) > NOW
