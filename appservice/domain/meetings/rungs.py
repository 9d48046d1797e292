"""The rungs of a ladder of reminders: how long before a meeting, and until when each is of use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text, verbatim

CHOICES = (10080, 1440, 60, 10)  # minutes before the start
DAY = 1440
_LATE_WEEK = timedelta(days=2)
_EARLY_DAY = timedelta(hours=2)
_SPREAD = {10080: 60, 1440: 20, 60: 5, 10: 2}
_UNITS = {"minute": 1, "hour": 60, "day": DAY, "week": 7 * DAY}
_PARTS = re.compile(r"(\d{1,3})[\s-]*([^\W\d_]+)[,;+]?\s*")


@dataclass(frozen=True)
class Rung:
    """A reminder so many minutes before a meeting that starts at `starts`.

    `at` is its moment; at `until` and later it is of no use any more: a week's is good for two
    days, a day's until two hours before the start, the others until the start, and each only
    until the next one of the same ladder has come.
    """

    minutes: int
    at: datetime
    until: datetime

    @property
    def is_long(self) -> bool:
        """Say whether it may as well come on the evening before, or in the morning after."""
        return self.minutes >= DAY

    @property
    def window(self) -> timedelta:
        """Return over which time before its moment those in private are spread."""
        return timedelta(minutes=_SPREAD.get(self.minutes, 5))


def rung(minutes: int, ladder: Iterable[int], starts: datetime) -> Rung:
    """Return one rung of a ladder, of a meeting that starts then."""
    at = starts - timedelta(minutes=minutes)
    until = starts
    if minutes > DAY:
        until = at + _LATE_WEEK
    elif minutes == DAY:
        until = starts - _EARLY_DAY
    shorter = (other for other in ladder if other < minutes)
    after = starts - timedelta(minutes=max(shorter, default=0))
    return Rung(minutes, at, min(until, after))


def read(turn: Turn, text: str) -> tuple[int, ...] | None:
    """Read `7d 24h 1h 10m` in any order and in the words of the language; None: it is none."""
    found, rest = [], text.strip().casefold()
    while rest:
        part = _PARTS.match(rest)
        if part is None:
            return None
        minutes = int(part[1]) * _unit(turn, part[2])
        if minutes not in CHOICES:
            return None
        found.append(minutes)
        rest = rest[part.end() :]
    return tuple(sorted(set(found), reverse=True)) or None


def said(ladder: Iterable[int]) -> Text:
    """Say a ladder as it is written: `24h, 1h`."""
    return verbatim(", ".join(_short(minutes) for minutes in ladder))


def remaining(left: timedelta) -> Text:
    """Say how long it is until then, as people say it."""
    minutes = round(left / timedelta(minutes=1))
    if minutes >= 2 * DAY - 60:
        return Text("reminder-in-days", {"n": round(minutes / DAY)})
    if minutes >= 90:  # noqa: PLR2004 - from here on, whole hours are exact enough
        return Text("reminder-in-hours", {"n": round(minutes / 60)})
    if minutes >= 50:  # noqa: PLR2004
        return Text("reminder-in-an-hour")
    if minutes > 1:
        return Text("reminder-in-minutes", {"n": minutes})
    return Text("reminder-in-a-moment")


def _unit(turn: Turn, word: str) -> int:
    units = (unit for unit in _UNITS if word in spellings(turn, f"span-{unit}"))
    return next((_UNITS[unit] for unit in units), 0)


def _short(minutes: int) -> str:
    if minutes > DAY and minutes % DAY == 0:
        return f"{minutes // DAY}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
