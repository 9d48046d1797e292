"""Reads which group is to be met, when, and for how long: `BIRCH 2027-05-12 19:00 for 90m`."""

import re
from dataclasses import dataclass
from datetime import datetime

from appservice.domain.founding import LONGEST_NAME
from appservice.domain.group import Group
from appservice.domain.joint.times import LATEST
from appservice.domain.meetings.proposed import length, proposed
from appservice.domain.meetings.recurrence import instant
from appservice.domain.meetings.when import Hearing
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text

MINUTES = 90
_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?")


@dataclass(frozen=True)
class Wish:
    """A session that one group would like to have with another."""

    name: str  # of the other group, as it was written
    wall: datetime  # in the zone of the group that asks
    minutes: int


def read(turn: Turn, group: Group, text: str) -> Wish | Text:
    """Return what is wished for, or the one thing that is wrong with it."""
    name, moment, long = _parts(turn, text)
    if not moment or not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return Text("joint-how")
    if name.casefold() == group.charter.name.casefold():
        return Text("joint-itself")
    wall = proposed(moment, Hearing.of(turn, group.charter.zone))
    if isinstance(wall, Text):
        return wall
    if instant(wall, group.charter.zone) > turn.now + LATEST:
        return Text("joint-late", {"days": LATEST.days})
    minutes = length(long) if long else MINUTES
    return minutes if isinstance(minutes, Text) else Wish(name, wall, minutes)


def _parts(turn: Turn, text: str) -> tuple[str, str, str]:
    """Split into the name before the first digit, the time, and what stands after `for`."""
    first = re.search(r"\d", text)
    name, more = (text[: first.start()], text[first.start() :]) if first else (text, "")
    words = more.split()
    fors = [i for i, word in enumerate(words) if word.casefold() in spellings(turn, "times-for")]
    at = fors[0] if fors else len(words)
    return name.strip(), " ".join(words[:at]), " ".join(words[at + 1 :])
