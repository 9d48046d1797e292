"""Moments in words: on the clocks of a zone, in a language."""

from datetime import UTC, datetime

import pytest

from appservice.domain.types import Moment
from appservice.texts.moments import spoken

SUMMER = datetime(2026, 5, 12, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Europe/Berlin", "en", "Tuesday 12 May 2026, 19:00 (Berlin; 17:00 UTC)"),
        ("Europe/Berlin", "de", "Dienstag, 12. Mai 2026, 19:00 (Berlin; 17:00 UTC)"),
        (
            "Australia/Lord_Howe",
            "en",
            "Wednesday 13 May 2026, 03:30 (Lord Howe Island; 17:00 UTC)",
        ),
        ("America/New_York", "de", "Dienstag, 12. Mai 2026, 13:00 (New York; 17:00 UTC)"),
        ("UTC", "en", "Tuesday 12 May 2026, 17:00 UTC"),
    ],
)
def test_a_moment_tells_the_day_the_clock_the_city_and_utc(zone, language, said):
    assert spoken(Moment(SUMMER, zone), language) == said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Tue 12 May, 19:00"), ("de", "Di. 12. Mai, 19:00")]
)
def test_a_short_moment_is_for_lists(language, said):
    assert (
        spoken(Moment(SUMMER, "Europe/Berlin", short=True), language).replace("Di., ", "Di. ")
        == said
    )
