"""Reads a time and a length as facilitators write them: `2027-05-12 19:00`, `tue 7pm`, `90m`."""

import re
from datetime import datetime, timedelta

from appservice.domain.meetings.recurrence import instant
from appservice.domain.meetings.when import Hearing, Wish, read
from appservice.domain.types import Text

LATEST = timedelta(days=366)
SHORTEST, LONGEST = 10, 480  # minutes
_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[ T]+(\d{1,2})[:.](\d{2})")
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2})\s*(?:h|hours?|std|stunden?))?\s*"
    r"(?:(?P<minutes>\d{1,3})\s*(?:m|min|minutes?|minuten)?)?"
)


def proposed(text: str, hearing: Hearing) -> datetime | Text:
    """Return the wall time that a text names in the zone that is meant, or why it cannot be taken.

    It lies ahead, and by no more than a year. Words count if they mean one time only.
    """
    said = " ".join(text.split())
    found = _MOMENT.fullmatch(said)
    try:
        day, hour, minute = found.groups() if found else ("", "", "")
        wall = datetime.strptime(f"{day} {hour}:{minute}", "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError:
        in_words = None if found else _in_words(said, hearing)
        if in_words is None:
            return Text("time-unread", {"said": said})
        wall = in_words
    at = instant(wall, hearing.zone)
    if at <= hearing.now:
        return Text("time-past", {"said": said})
    if at > hearing.now + LATEST:
        return Text("time-far", {"said": said})
    return wall


def _in_words(said: str, hearing: Hearing) -> datetime | None:
    """Return the one time that words mean; None: several, a series, or more than a time."""
    wishes = read(said, hearing)
    if isinstance(wishes, Text) or len(wishes) != 1:
        return None
    return wishes[0].start if wishes[0] == Wish(wishes[0].start, hearing.zone, "") else None


def length(text: str) -> int | Text:
    """Return how many minutes a text means, or why it cannot be taken."""
    found = _LENGTH.fullmatch(text.strip().casefold())
    hours, minutes = (found["hours"], found["minutes"]) if found else (None, None)
    if hours is None and minutes is None:
        return Text("length-unread", {"said": text.strip()})
    long = 60 * int(hours or 0) + int(minutes or 0)
    if not SHORTEST <= long <= LONGEST:
        return Text("length-range", {"least": SHORTEST, "most": LONGEST})
    return long
