"""How long something lasts, in the words that people use for it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.spans import span
from tests.support.story import words

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "language", "length"),
    [
        ("2 weeks", "en", timedelta(weeks=2)),
        ("2w", "en", timedelta(weeks=2)),
        ("for two Weeks", "en", timedelta(weeks=2)),
        ("a month", "en", timedelta(days=30)),
        ("3 hours.", "en", None),
        ("3 hours", "en", timedelta(hours=3)),
        ("2 Wochen", "de", timedelta(weeks=2)),
        ("für eine Woche", "de", timedelta(weeks=1)),
        ("3 Tage", "de", timedelta(days=3)),
        ("3 days", "de", timedelta(days=3)),
        ("3 Tage", "en", None),
        ("0 days", "en", None),
        ("-3 days", "en", None),
        ("1000 days", "en", None),
        ("weeks", "en", None),
        ("2 3 days", "en", None),
        ("2 weeks please", "en", None),
        ("", "en", None),
        ("soon", "en", None),
    ],
)
def test_a_span_is_counted_from_now(said: str, language: str, length: timedelta | None) -> None:
    ends = None if length is None else NOW + length
    assert span(said, words(), language, NOW) == ends


@pytest.mark.parametrize("said", ["2027-01-31", "until 2027-01-31", "until the 31.1.2027"])
def test_a_day_begins_where_the_group_is(said: str) -> None:
    in_utc = datetime(2027, 1, 31, tzinfo=UTC)
    assert span(said, words(), "en", NOW) == in_utc
    assert span(said, words(), "en", NOW, "Europe/Berlin") == in_utc - timedelta(hours=1)


def test_a_day_in_german() -> None:
    day = datetime(2027, 1, 31, tzinfo=UTC)
    assert span("bis zum 31.01.2027", words(), "de", NOW) == day


@pytest.mark.parametrize(
    "said", ["2027-02-30", "2027-13-01", "0000-01-01", "0001-01-01", "32.1.2027"]
)
def test_a_day_that_never_comes_is_none(said: str) -> None:
    assert span(said, words(), "en", NOW, "Europe/Berlin") is None


@given(st.text(max_size=40), st.sampled_from(["en", "de"]))
def test_whatever_is_written_gives_a_moment_in_utc_or_none(said: str, language: str) -> None:
    ends = span(said, words(), language, NOW)
    assert ends is None or ends.utcoffset() == timedelta(0)
