"""How long something lasts, as people write it: `2 weeks`, `until 2027-01-31`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appservice.domain.types import Words

UNITS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
SPELLED = range(1, 7)  # numbers that may be written as words
_PARTS = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}|\d+|[^\W\d_]+|\S")
_LONGEST = 3  # digits


def span(
    text: str, words: Words, language: str, now: datetime, zone: str = "UTC"
) -> datetime | None:
    """Return the moment (in UTC) at which a span ends that begins now; None: it is none.

    `3 days`, `two weeks`, `for a month` are counted from now, a month as thirty days. A day by
    its date (`2027-01-31`, `31.1.2027`) is the first moment of that day in `zone`, an IANA name;
    it may lie in the past.
    """
    parts = _PARTS.findall(text.casefold())
    parts = [part for part in parts if part not in _all(words, "span-filler", language)]
    match parts:
        case [day]:
            return _begins(day, zone)
        case [count, unit]:
            number, length = _number(count, words, language), _unit(unit, words, language)
            return now + number * length if number and length else None
        case _:
            return None


def _begins(day: str, zone: str) -> datetime | None:
    numbers = [int(part) for part in re.split(r"\D", day) if part]
    if "." in day:
        numbers.reverse()
    try:
        return datetime.combine(date(*numbers), time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _number(written: str, words: Words, language: str) -> int | None:
    if written.isdecimal():
        return int(written) if len(written) <= _LONGEST else None
    spelled = (n for n in SPELLED if written in _all(words, f"number-{n}", language))
    return next(spelled, None)


def _unit(written: str, words: Words, language: str) -> timedelta | None:
    named = (unit for unit in UNITS if written in _all(words, f"span-{unit}", language))
    return next((UNITS[unit] for unit in named), None)


def _all(words: Words, name: str, language: str) -> frozenset[str]:
    return words.synonyms(name, language) | words.synonyms(name, "en")
