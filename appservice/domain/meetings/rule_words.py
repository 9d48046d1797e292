"""Rhythms in words, as rules of iCalendar: `every other thursday`, `first monday of the month`.

RFC 5545, 3.3.10: the rules have no end of their own here, and no time of day.
"""

from appservice.domain.meetings.vocabulary import ORDINALS, Found, Vocabulary
from appservice.domain.types import Text

_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}
TOO_OFTEN = Text("when-too-often")


def rules(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary
) -> Found[tuple[str, ...]] | Text | None:
    """Read a rhythm; several rules where several may be meant, a Text why it can be none.

    A weekly rule without BYDAY comes on the weekday of its first date.
    """
    for name, rule in (("daily", "DAILY"), ("weekly", "WEEKLY"), ("monthly", "MONTHLY")):
        if vocabulary.has(name, tokens, index):
            return _each(tokens, index + 1, vocabulary, rule, 1)
    if vocabulary.has("fortnightly", tokens, index):
        return _each(tokens, index + 1, vocabulary, "WEEKLY", 2)
    if vocabulary.has("every", tokens, index):
        return _every(tokens, index + 1, vocabulary)
    if vocabulary.which("days", range(7), tokens, index) is not None:
        return _on_days(tokens, index, vocabulary, 1)
    return _nth(tokens, vocabulary.past("the", tokens, index), vocabulary)


def _every(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary
) -> Found[tuple[str, ...]] | Text | None:
    """Read what follows `every`: a unit, weekdays, or an ordinal number before either."""
    if (count := vocabulary.number(tokens, index)) is not None and (
        found := _each_unit(tokens, index + 1, vocabulary, count)
    ):
        return found
    if vocabulary.has("other", tokens, index):
        monthly = _nth(tokens, index, vocabulary)
        return monthly or _other(tokens, index + 1, vocabulary, 2)
    which = vocabulary.which("ordinal", ORDINALS, tokens, index)
    if which is not None:
        monthly = _nth(tokens, index, vocabulary)
        if monthly is not None or which <= 1:
            return monthly or _monthly(tokens, index, vocabulary)
        weekly = _other(tokens, index + 1, vocabulary, which)
        by_month = _monthly(tokens, index, vocabulary)
        if isinstance(weekly, Found) and by_month is not None:
            return Found((*weekly.value, *by_month.value), weekly.end)
        return weekly
    return _other(tokens, index, vocabulary, 1)


def _other(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, interval: int
) -> Found[tuple[str, ...]] | Text | None:
    found = _each_unit(tokens, index, vocabulary, interval)
    return found or _on_days(tokens, index, vocabulary, interval)


def _each_unit(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, interval: int
) -> Found[tuple[str, ...]] | Text | None:
    if vocabulary.has("minute", tokens, index) or vocabulary.has("hour", tokens, index):
        return TOO_OFTEN
    for unit, frequency in _UNITS.items():
        if vocabulary.has(unit, tokens, index):
            return _each(tokens, index + 1, vocabulary, frequency, interval)
    return None


def _each(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, frequency: str, interval: int
) -> Found[tuple[str, ...]] | None:
    """Read where in its week or month it comes, if that is said."""
    every = f";INTERVAL={interval}" if interval > 1 else ""
    after = vocabulary.past("on", tokens, index)
    if frequency == "WEEKLY" and (found := _on_days(tokens, after, vocabulary, interval)):
        return found
    if frequency == "MONTHLY":
        found = _monthly(tokens, vocabulary.past("the", tokens, after), vocabulary)
        if found is not None:
            return Found(tuple(rule + every for rule in found.value), found.end)
        day = tokens[after].rstrip(".sthnrd") if after < len(tokens) else ""
        if after > index and day.isdecimal() and 0 < int(day) <= 31:  # noqa: PLR2004
            return Found((f"FREQ=MONTHLY;BYMONTHDAY={int(day)}{every}",), after + 1)
    return Found((f"FREQ={frequency}{every}",), index)


def _on_days(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary, interval: int
) -> Found[tuple[str, ...]] | None:
    """Read one weekday or several."""
    named: list[int] = []
    here = index
    while True:
        after = vocabulary.past("and", tokens, here) if named else here
        day = vocabulary.day(tokens, after)
        if day is None:
            day = vocabulary.which("days", range(7), tokens, after)
        if day is None:
            break
        named, here = [*named, day], after + 1
    if not named:
        return None
    by_day = ",".join(_NAMES[day] for day in sorted(set(named)))
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return Found((f"FREQ=WEEKLY;BYDAY={by_day}{every}",), here)


def _monthly(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary
) -> Found[tuple[str, ...]] | None:
    """Read `first monday`, which comes once a month."""
    which = vocabulary.which("ordinal", ORDINALS, tokens, index)
    day = vocabulary.day(tokens, index + 1) if which is not None else None
    if day is None:
        return None
    return Found((f"FREQ=MONTHLY;BYDAY={which}{_NAMES[day]}",), index + 2)


def _nth(
    tokens: tuple[str, ...], index: int, vocabulary: Vocabulary
) -> Found[tuple[str, ...]] | None:
    """Read `first monday of the month`; without the month it is none."""
    found = _monthly(tokens, index, vocabulary)
    if found is None:
        return None
    here = found.end
    while vocabulary.has("of", tokens, here) or vocabulary.has("every", tokens, here):
        here += 1
    return Found(found.value, here + 1) if vocabulary.has("month", tokens, here) else None
