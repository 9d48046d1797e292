"""quiet hours 22 to 7: the hours in which I write nothing unasked."""

import re
from dataclasses import replace
from datetime import time

from appservice.domain.outcome import Outcome
from appservice.domain.prompts import QUIET, zone_of
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text

NONE = (time(0), time(0))
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|uhr|h)?"
_HOURS = re.compile(rf"(?:\w+\s+)?{_CLOCK}\s*(?:to|till?|until|and|bis|und|-|\u2013)\s*{_CLOCK}")


def quiet_hours(turn: Turn, rest: str) -> Outcome | None:
    """Set them, on the member's own clock; alone, tell how they are."""
    said = rest.strip().casefold()
    if not said:
        return _told(turn, Text("quiet-hours-how"))
    if said in spellings(turn, "quiet-hours-off"):
        return _set(turn, NONE)
    if said in spellings(turn, "quiet-hours-usual"):
        return _set(turn, None)
    if (hours := _read(said)) is not None:
        return _set(turn, hours)
    if any(sign.isdecimal() for sign in said):
        return turn.answer(Reply("not_understood", (Text("quiet-hours-form"),)))
    return None


def _set(turn: Turn, hours: tuple[time, time] | None) -> Outcome:
    return _told(replace(turn, person=replace(turn.person, quiet_hours=hours)))


def _told(turn: Turn, *more: Text) -> Outcome:
    begin, end = turn.person.quiet_hours or QUIET
    if begin == end:
        return turn.answer(notice(Text("quiet-hours-none")))
    group = next((turn.groups[consent.group] for consent in turn.consents()), None)
    values = {
        "begin": f"{begin:%H:%M}",
        "end": f"{end:%H:%M}",
        "zone": zone_of(turn.person, group),
    }
    return turn.answer(notice(Text("quiet-hours-are", values), *more))


def _read(said: str) -> tuple[time, time] | None:
    found = _HOURS.fullmatch(said)
    if found is None:
        return None
    begin, end = _time(*found.groups()[:3]), _time(*found.groups()[3:])
    return None if begin is None or end is None else (begin, end)


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    """Return a time of the day; 24 is midnight, and `pm` counts from noon."""
    number = int(hour)
    if half in ("am", "pm"):
        if not 1 <= number <= 12:  # noqa: PLR2004 - hours of half a day
            return None
        number = number % 12 + (12 if half == "pm" else 0)
    try:
        return time(number % 24 if number == 24 else number, int(minute or 0))  # noqa: PLR2004
    except ValueError:
        return None
