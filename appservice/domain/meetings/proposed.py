"""Reads a time and a length as facilitators write them: `2027-05-12 19:00`, `90m`."""

import re
from datetime import datetime, timedelta

from appservice.domain.meetings.recurrence import instant
from appservice.domain.types import Text

LATEST = timedelta(days=366)
SHORTEST, LONGEST = 10, 480  # minutes
_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[ T]+(\d{1,2})[:.](\d{2})")
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2})\s*(?:h|hours?|std|stunden?))?\s*"
    r"(?:(?P<minutes>\d{1,3})\s*(?:m|min|minutes?|minuten)?)?"
)


def proposed(text: str, zone: str, now: datetime) -> datetime | Text:
    """Return the wall time that a text names in a zone (IANA name), or why it cannot be taken.

    It lies ahead, and by no more than a year.
    """
    said = " ".join(text.split())
    found = _MOMENT.fullmatch(said)
    try:
        day, hour, minute = found.groups() if found else ("", "", "")
        wall = datetime.strptime(f"{day} {hour}:{minute}", "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError:
        return Text("time-unread", {"said": said})
    at = instant(wall, zone)
    if at <= now:
        return Text("time-past", {"said": said})
    if at > now + LATEST:
        return Text("time-far", {"said": said})
    return wall


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
