"""Writes down the clock changes of a zone, for calendar programs that do not know it.

The library's own writer steps over changes that are undone within weeks (Casablanca), and names
the wrong hour where a change skips time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_STEP = timedelta(days=7)  # no zone changes twice within a week
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class ClockChange:
    """From `at` (in UTC) on the clocks of a zone show another offset to UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str  # "CEST"
    daylight: bool


@lru_cache(maxsize=256)
def clock_changes(zone: str, first: int, last: int) -> tuple[ClockChange, ...]:
    """Return the changes of years from the first until the last, as they are known today."""
    return tuple(_found(ZoneInfo(zone), datetime(first, 1, 1, tzinfo=UTC), last))


def vtimezone(zone: str, first: int, last: int) -> Timezone:
    """Return the component of RFC 5545, 3.6.5; each change by itself.

    There are readers that take one date of an RDATE only.
    """
    whole = Timezone()
    whole.add("TZID", zone)
    begin = datetime(first, 1, 1, tzinfo=UTC)
    for change in (_as_change(ZoneInfo(zone), begin), *clock_changes(zone, first, last)):
        one = TimezoneDaylight() if change.daylight else TimezoneStandard()
        one.DTSTART = (change.at + change.before).replace(tzinfo=None)
        one.TZOFFSETFROM, one.TZOFFSETTO = change.before, change.after
        one.add("TZNAME", change.name)
        whole.add_component(one)
    return whole


def _found(zone: ZoneInfo, at: datetime, last: int) -> Iterator[ClockChange]:
    while at.year <= last:
        then = at + _STEP
        if _offset(zone, at) != _offset(zone, then):
            low, high = at, then
            while high - low > _SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                if _offset(zone, middle) == _offset(zone, at):
                    low = middle
                else:
                    high = middle
            yield _as_change(zone, high, _offset(zone, at))
        at = then


def _as_change(zone: ZoneInfo, at: datetime, before: timedelta | None = None) -> ClockChange:
    local, after = at.astimezone(zone), _offset(zone, at)
    name, daylight = local.tzname() or str(after), bool(local.dst())
    return ClockChange(at, after if before is None else before, after, name, daylight)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
