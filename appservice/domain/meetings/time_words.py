"""Times of day and lengths in words: `19:00`, `7pm`, `um 19 uhr`, `90 minutes`, `1h30`."""

import re
from datetime import time

from appservice.domain.meetings.vocabulary import Found, Vocabulary

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
_RANGE = re.compile(r"(\d{1,2}[:.]\d{2})-(\d{1,2}[:.]\d{2})")
_JOINED = re.compile(r"(\d{1,3}(?:[.,]\d)?)([^\W\d]+)(?:(\d{1,2})[^\W\d]*)?")
_HALVES = re.compile(r"\d{1,2}[.,]\d")
_NOON, _HOURS, _MINUTES = 12, 24, 60


def clock(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary
) -> Found[tuple[time, ...]] | None:
    """Read a time of day; two of them where it may be meant for the morning or the evening.

    Nobody doubts `07:00`, `10:30`, `7 am` or `19`.
    """
    here = vocabulary.past("at", tokens, index)
    if vocabulary.has("noon", tokens, here):
        return Found((time(_NOON),), here + 1)
    match = _CLOCK.fullmatch(tokens[here]) if here < len(tokens) else None
    if match is None:
        return None
    here += 1
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if vocabulary.has("oclock", tokens, here):
        here += 1
        if match[2] is None and here < len(tokens) and re.fullmatch(r"[0-5]\d", tokens[here]):
            minute, here = int(tokens[here]), here + 1
    if half is None and (half := _half(tokens, here, vocabulary)) is not None:
        here += 1
    if hour >= _HOURS or minute >= _MINUTES:
        return None
    exact = match[1].startswith("0") or (len(match[1]) > 1 and match[2] is not None)
    return Found(_times(hour, minute, half, exact=exact), here)


def span(tokens: tuple[str, ...], index: int) -> Found[tuple[tuple[time, ...], int]] | None:
    """Read `19:00-20:15`: when it begins, and how many minutes it takes."""
    match = _RANGE.fullmatch(tokens[index])
    if match is None:
        return None
    first, last = (_exact(one) for one in match.groups())
    if first is None or last is None:
        return None
    minutes = (last.hour - first.hour) * _MINUTES + last.minute - first.minute
    return Found(((first,), minutes % (_HOURS * _MINUTES)), index + 1)


def length(tokens: tuple[str, ...], index: int, vocabulary: Vocabulary) -> Found[int] | None:
    """Read a length in minutes: a number and its unit, as one word or two; hours and minutes."""
    first = _one_length(tokens, index, vocabulary)
    if first is None or first.value % _MINUTES or first.end >= len(tokens):
        return first
    more = _one_length(tokens, first.end, vocabulary)
    if more is None or more.value >= _MINUTES:
        return first
    return Found(first.value + more.value, more.end)


def _exact(written: str) -> time | None:
    hour, minute = (int(part) for part in re.split("[:.]", written))
    return time(hour, minute) if hour < _HOURS and minute < _MINUTES else None


def _one_length(tokens: tuple[str, ...], index: int, vocabulary: Vocabulary) -> Found[int] | None:
    match = _JOINED.fullmatch(tokens[index])
    if match is not None:
        minutes = _in_minutes(match[1], match[2], vocabulary)
        more = int(match[3] or 0)
        return None if minutes is None else Found(minutes + more, index + 1)
    number = vocabulary.number(tokens, index)
    written = str(number) if number is not None else tokens[index]
    is_number = number is not None or _HALVES.fullmatch(written)
    if not is_number or index + 1 >= len(tokens):
        return None
    minutes = _in_minutes(written, tokens[index + 1], vocabulary)
    return None if minutes is None else Found(minutes, index + 2)


def _in_minutes(number: str, unit: str, vocabulary: Vocabulary) -> int | None:
    count = float(number.replace(",", "."))
    if vocabulary.has("hour", (unit,), 0):
        return round(count * _MINUTES)
    return round(count) if vocabulary.has("minute", (unit,), 0) else None


def _half(tokens: tuple[str, ...], here: int, vocabulary: Vocabulary) -> str | None:
    """Read `am` or `pm` after a time; before a day `am` is German and means `on`."""
    if vocabulary.has("pm", tokens, here):
        return "pm"
    later = here + 1
    is_on = vocabulary.day(tokens, later) is not None or (
        later < len(tokens) and tokens[later][0].isdigit()
    )
    return "am" if vocabulary.has("am", tokens, here) and not is_on else None


def _times(hour: int, minute: int, half: str | None, *, exact: bool) -> tuple[time, ...]:
    if half == "am":
        return (time(hour % _NOON if hour <= _NOON else hour, minute),)
    if half == "pm":
        return (time(hour % _NOON + _NOON, minute),)
    if 0 < hour < _NOON and not exact:
        return (time(hour, minute), time(hour + _NOON, minute))
    return (time(hour, minute),)
