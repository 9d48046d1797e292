"""How often and when, as members write it: `daily 8:00`, `every two weeks on sunday 18:00`."""

import re
from dataclasses import dataclass
from datetime import time

from appservice.domain.own_times import Every
from appservice.domain.types import Words

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s?([ap]\.?m\.?|uhr|h)?(?!\w)")
_NOON = 12


@dataclass(frozen=True)
class Named:
    """What a text names of a time, and what else stands in it."""

    every: Every | None
    day: int | None  # 0 for Monday
    at: time | None
    rest: tuple[str, ...]  # words that mean none of it, folded
    unclear: bool = False  # a time that no clock shows, or two of a kind


def named(text: str, words: Words, language: str) -> Named:
    """Read it, in a language and in English."""
    folded = " ".join(text.casefold().split())
    clocks = [one for one in _CLOCK.finditer(folded) if one.group(2) or one.group(3)]
    at = _time(*clocks[0].groups()) if clocks else None
    folded = _CLOCK.sub(lambda m: "" if m.group(2) or m.group(3) else m.group(), folded)
    found: list[Every] = []
    for every in (Every.FORTNIGHT, Every.WEEK, Every.DAY):  # "every two weeks" before "week"
        for said in sorted(_all(words, f"every-{every}", language), key=len, reverse=True):
            folded, hits = re.subn(rf"(?<!\w){re.escape(said)}(?!\w)", " ", folded)
            found += [every] * hits
    days, rest = [], []
    for word in re.findall(r"[^\s,;]+", folded):
        day = next(
            (n for n in range(7) if word in _all(words, f"weekday-{n + 1}", language)), None
        )
        if day is not None:
            days.append(day)
        elif word not in _all(words, "own-time-filler", language):
            rest.append(word)
    lost = bool(clocks) and at is None
    twice = max(len(clocks), len(set(found)), len(set(days))) > 1
    every_ = found[0] if found else None
    return Named(every_, days[0] if days else None, at, tuple(rest), lost or twice)


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour)
    if half is not None and half[0] in "ap":
        if not 1 <= number <= _NOON:
            return None
        number = number % _NOON + (_NOON if half[0] == "p" else 0)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        return None


def _all(words: Words, name: str, language: str) -> frozenset[str]:
    return words.synonyms(name, language) | words.synonyms(name, "en")
