"""Themes, days and times as people write them."""

import re
from datetime import time

from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text

LONGEST = 100  # characters of a title
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|uhr)?", re.IGNORECASE)
_NOON = 12


def title_in(words: str) -> str | Text:
    """Return the title of a theme on one line, or say what is wrong with it."""
    title = " ".join("".join(s if s.isprintable() else " " for s in words).split())
    if not title:
        return Text("theme-title")
    return Text("theme-too-long", {"most": LONGEST}) if len(title) > LONGEST else title


def day_in(turn: Turn, words: str) -> int | None:
    """Return the day of the week that is named, from 0 for Monday."""
    said = re.findall(r"[^\W\d_]+", words.casefold())
    days = (day for day in range(7) if spellings(turn, f"weekday-{day + 1}").intersection(said))
    return next(days, None)


def time_in(words: str) -> time | None:
    """Return the time of day that is named: 9:00, 21.30, 9 am, 9 Uhr; a bare number is none."""
    for hours, minutes, mark in _TIME.findall(words):
        if not minutes and not mark:
            continue
        hour, half = int(hours), mark.casefold()
        if half in ("am", "pm"):
            if not 1 <= hour <= _NOON:
                return None
            hour = hour % _NOON + (_NOON if half == "pm" else 0)
        try:
            return time(hour, int(minutes or 0))
        except ValueError:
            return None
    return None
