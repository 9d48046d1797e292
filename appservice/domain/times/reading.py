"""Reads what facilitators want to ask: several times, how long, and for how long to ask."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from appservice.domain.meetings.proposed import length, proposed
from appservice.domain.meetings.recurrence import instant, wall_time
from appservice.domain.meetings.when import Hearing
from appservice.domain.spans import span
from appservice.domain.subcommand import spellings
from appservice.domain.times.search import TimeSearch
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, Text

FEWEST, MOST = 2, 8  # times
USUAL = timedelta(days=3)
LONGEST_ASKED = timedelta(days=21)
LEAST = timedelta(hours=1)  # for which everybody is asked
BEFORE = timedelta(hours=2)  # the first of the times the answer must be there
MINUTES = 60
_BETWEEN = re.compile(r"[,;]")


@dataclass(frozen=True)
class _Parts:
    times: str
    long: str
    within: str


def read(turn: Turn, group: GroupId, zone: str, text: str) -> TimeSearch | Text:
    """Return what is to be asked, or the one thing that is wrong with it.

    `text`: `2027-05-12 19:00, 2027-05-13 18:30 for 60m within 5 days`.
    """
    parts = _split(turn, text)
    minutes = length(parts.long) if parts.long else MINUTES
    if isinstance(minutes, Text):
        return minutes
    walls = _walls(turn, parts.times, zone)
    if isinstance(walls, Text):
        return walls
    closes = _closes(turn, parts.within, instant(walls[0], zone))
    if isinstance(closes, Text):
        return closes
    return TimeSearch(group, zone, walls, minutes, turn.now, closes)


def skipped(search: TimeSearch) -> tuple[datetime, ...]:
    """Return the wall times that no clock will show, since it is put forward over them."""
    zone = search.zone
    return tuple(wall for wall in search.walls if wall_time(instant(wall, zone), zone) != wall)


def _split(turn: Turn, text: str) -> _Parts:
    """Take apart what stands before and after the words for `for` and `within`."""
    found = {"times": [], "times-for": [], "times-within": []}  # type: dict[str, list[str]]
    where = "times"
    for word in text.split():
        names = (name for name in found if word.casefold() in spellings(turn, name))
        named = next(names, None) if where != "times-within" else None
        if named is not None and named != "times":
            where = named
        else:
            found[where].append(word)
    return _Parts(*(" ".join(words) for words in found.values()))


def _walls(turn: Turn, text: str, zone: str) -> tuple[datetime, ...] | Text:
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece.strip()]
    if not FEWEST <= len(pieces) <= MOST:
        return Text("times-how-many", {"fewest": FEWEST, "most": MOST, "count": len(pieces)})
    walls: list[datetime] = []
    for piece in pieces:
        wall = proposed(piece, Hearing.of(turn, zone))
        if isinstance(wall, Text):
            return wall
        if instant(wall, zone) in {instant(other, zone) for other in walls}:
            return Text("times-twice", {"said": piece})
        walls.append(wall)
    return tuple(sorted(walls, key=lambda wall: instant(wall, zone)))


def _closes(turn: Turn, within: str, first: datetime) -> datetime | Text:
    """Return when it closes: in three days or as it says, but before the first of the times."""
    wanted = span(within, turn.state.words, turn.language, turn.now) if within else None
    if within and (wanted is None or not turn.now < wanted <= turn.now + LONGEST_ASKED):
        return Text("times-within-unread", {"said": within, "days": LONGEST_ASKED.days})
    closes = min(wanted or turn.now + USUAL, first - BEFORE)
    return closes if closes >= turn.now + LEAST else Text("times-too-soon")
