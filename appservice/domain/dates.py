"""Days as people write them to the keeper: 2027-01-31, meant as noon in UTC."""

import re
from datetime import UTC, date, datetime, time

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_in(words: str) -> datetime | None:
    """Return the noon of the day that stands in some words; None if there is none."""
    named = _DATE.search(words)
    try:
        day = date.fromisoformat(named.group()) if named else None
    except ValueError:
        return None
    return datetime.combine(day, time(12), UTC) if day is not None else None
