"""Days in words: `tue 12 may`, `12.5.`, `3/4`, `tomorrow`, `next friday`, `2027-05-12`."""

import re
from datetime import date, timedelta
from typing import TypeAlias

from appservice.domain.meetings.vocabulary import Found, Vocabulary
from appservice.domain.types import Text

Meant: TypeAlias = tuple[date, ...]
"""Days in order of time; the first that is not over is meant."""
Days: TypeAlias = tuple[Meant, ...]
"""More than one where more than one may be meant."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_DAY = re.compile(r"(\d{1,2})(\.|st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20|21)\d{2}")
_WEEK = timedelta(weeks=1)
_MONTHS = 12
_YEARS = 4  # in which a day comes that is not in every year


def days(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, today: date
) -> Found[Days] | Text | None:
    """Read a day; a Text says why it cannot be one."""
    for ahead, name in enumerate(("today", "tomorrow", "overmorrow")):
        if vocabulary.has(name, tokens, index):
            return Found(((today + timedelta(days=ahead),),), index + 1)
    start = vocabulary.past("this", tokens, index)
    if vocabulary.has("next", tokens, start):
        return _next(tokens, start, vocabulary, today)
    weekday = vocabulary.day(tokens, start)
    if weekday is None:
        return _dated(tokens, start, vocabulary, today)
    after = vocabulary.past("the", tokens, start + 1)
    dated = _dated(tokens, after, vocabulary, today) if after < len(tokens) else None
    if isinstance(dated, Text):
        return dated
    if dated is not None:
        return Found(_on(weekday, dated.value, today), dated.end)
    first = today + timedelta(days=(weekday - today.weekday()) % 7)
    return Found(((first, first + _WEEK),), start + 1)


def _next(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, today: date
) -> Found[Days] | None:
    """Read `next friday`: the nearest one, or for some people the one after that."""
    weekday = vocabulary.day(tokens, index + 1)
    if weekday is None:
        return None
    ahead = (weekday - today.weekday()) % 7
    first = today + timedelta(days=ahead or 7)
    meant: Days = ((first,),) if not ahead else ((first,), (first + _WEEK,))
    return Found(meant, index + 2)


def _on(weekday: int, read: Days, today: date) -> Days:
    """Leave the days that fall on a weekday; if none does, each with its nearest neighbour."""
    ahead = [next((day for day in meant if day >= today), meant[-1]) for meant in read]
    fitting = tuple((day,) for day in ahead if day.weekday() == weekday)
    near = [day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3) for day in ahead]
    return fitting or tuple((day,) for day in dict.fromkeys((*ahead, *near)))


def _dated(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, today: date
) -> Found[Days] | Text | None:
    token = tokens[index]
    if match := _ISO.fullmatch(token):
        year, month, day = (int(part) for part in match.groups())
        return _known(token, index + 1, _in_year(day, month, year))
    if (match := _DOTS.fullmatch(token)) and not vocabulary.has("oclock", tokens, index + 1):
        if int(match[2]) > _MONTHS:
            return None
        return _known(token, index + 1, _of(match[1], match[2], match[3], today))
    if match := _SLASHES.fullmatch(token):
        both = [_of(match[1], match[2], match[3], today), _of(match[2], match[1], match[3], today)]
        return _known(token, index + 1, *both)
    return _with_month(tokens, index, vocabulary, today)


def _with_month(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, today: date
) -> Found[Days] | Text | None:
    """Read `12 may`, `12. mai 2027`, `12th of may`, `may 12`, or `the 12th` alone."""
    start = vocabulary.past("the", tokens, index)
    month = vocabulary.month(tokens, start)
    at = start + 1 if month is not None else start
    match = _DAY.fullmatch(tokens[at]) if at < len(tokens) else None
    if match is None:
        return None
    end = at + 1
    if month is None:
        behind = vocabulary.past("of", tokens, end)
        month = vocabulary.month(tokens, behind)
        end = behind + 1 if month is not None else end
    if month is None:
        return _known(tokens[at], end, _in_months(int(match[1]), today)) if match[2] else None
    year = tokens[end] if end < len(tokens) and _YEAR.fullmatch(tokens[end]) else None
    said = " ".join(tokens[start:end])
    meant = _of(match[1], str(month), year, today)
    return _known(said, end + (year is not None), meant)


def _known(said: str, end: int, *read: Meant) -> Found[Days] | Text:
    meant = tuple(dict.fromkeys(one for one in read if one))
    return Found(meant, end) if meant else Text("when-no-such-day", {"day": said})


def _of(day: str, month: str, year: str | None, today: date) -> Meant:
    """Return a day of one year, or as it comes in the next years."""
    if year is not None:
        century = "20" if len(year) == len("27") else ""
        return _in_year(int(day), int(month), int(century + year))
    years = range(today.year, today.year + _YEARS + 1)
    return tuple(one for year in years for one in _in_year(int(day), int(month), year))[:2]


def _in_months(day: int, today: date) -> Meant:
    ahead = (today.year * _MONTHS + today.month - 1 + more for more in range(3))
    return tuple(d for n in ahead for d in _in_year(day, n % _MONTHS + 1, n // _MONTHS))


def _in_year(day: int, month: int, year: int) -> Meant:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()
