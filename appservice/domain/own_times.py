"""A time that somebody chose to be written to, again and again: a wall time on their own clock.

The zone is not kept with it: whoever moves is asked at the same hour where they live now.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from appservice.domain.meetings.recurrence import instant, wall_time


class Every(StrEnum):
    """How often it comes."""

    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"


_APART = {
    Every.DAY: timedelta(days=1),
    Every.WEEK: timedelta(days=7),
    Every.FORTNIGHT: timedelta(days=14),
}


@dataclass(frozen=True)
class OwnTime:
    """How often, and when first: a naive wall time, from which the others are counted."""

    every: Every
    first: datetime

    def newest(self, now: datetime, zone: str) -> datetime | None:
        """Return the last wall time that has come in a zone; None before the first."""
        local, apart = wall_time(now, zone), _APART[self.every]
        passed = (local - self.first) // apart
        # around a clock change what the clock shows is not yet the moment, or not any more
        near = (
            self.first + apart * n for n in range(max(passed + 1, 0), passed - 2, -1) if n >= 0
        )
        return next((wall for wall in near if instant(wall, zone) <= now), None)

    def following(self, now: datetime, zone: str) -> datetime:
        """Return the first moment after now, in UTC."""
        newest = self.newest(now, zone)
        wall = self.first if newest is None else newest + _APART[self.every]
        return instant(wall, zone)


def beginning(every: Every, day: int | None, at: time, now: datetime, zone: str) -> OwnTime:
    """Return it as of now: the next time that the clock of a zone shows `at` on that weekday.

    `day`: 0 for Monday; None: on the day of the week that comes first.
    """
    local = wall_time(now, zone)
    first = datetime.combine(local.date(), at)
    while first <= local or (day is not None and first.weekday() != day):
        first += timedelta(days=1)
    return OwnTime(every, first)
