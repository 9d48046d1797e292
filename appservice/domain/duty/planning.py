"""Keeps the rota: slots that are added and taken out, and single days that are swapped."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from appservice.domain.duty.rota import Rota, Slot, Swap
from appservice.domain.duty.staffed import Shift, shifts
from appservice.domain.group import Group
from appservice.domain.meetings.vocabulary import Vocabulary, tokens
from appservice.domain.membership import facilitators
from appservice.domain.mentions import mentioned
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId

MOST = 40  # slots
SHORTEST = timedelta(minutes=30)
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?")
_MIDNIGHT = 24
_WEEKS = timedelta(weeks=2)


@dataclass(frozen=True)
class Wished:
    """Hours of some weekdays, as somebody wrote them."""

    days: tuple[int, ...]
    begins: time
    ends: time


def read(turn: Turn, text: str) -> Wished | None:
    """Read `mon 18:00-22:00`, with one day or several; None where anything else stands there."""
    pieces = tokens(" ".join(word for word in text.split() if not mentioned(word)))
    vocabulary = Vocabulary(turn.state.words, turn.language)
    if not pieces or (match := _HOURS.fullmatch(pieces[-1])) is None:
        return None
    found = (vocabulary.day(pieces, index) for index in range(len(pieces) - 1))
    days = tuple(dict.fromkeys(day for day in found if day is not None))
    begins, ends = _time(match[1], match[2]), _time(match[3], match[4])
    if len(days) != len(pieces) - 1 or not days or begins is None or ends is None:
        return None
    return Wished(days, begins, ends)


def people(turn: Turn, group: Group) -> tuple[UserId, ...] | Text:
    """Return the facilitators whom a message names; whoever speaks where it names nobody."""
    known = {user.casefold(): user for user in facilitators(group.charter)}
    said = mentioned(turn.text)
    for one in said:
        if one not in known:
            return Text("rota-nobody", {"user": one, "group": group.charter.name})
    return tuple(known[one] for one in said) or (turn.user,)


def added(group: Group, wished: Wished, users: tuple[UserId, ...]) -> Group | Text:
    """Return the group with more slots, or why they are not taken."""
    zone = group.charter.zone
    slots = [Slot(day, wished.begins, wished.ends, zone, users) for day in wished.days]
    if len(group.rota.slots) + len(slots) > MOST:
        return Text("rota-full", {"most": MOST})
    if _length(wished) < SHORTEST:
        return Text("rota-short")
    every = sorted({*group.rota.slots, *slots}, key=lambda s: (s.day, s.begins, s.ends, s.users))
    return replace(group, rota=replace(group.rota, slots=tuple(every)))


def without(group: Group, number: int) -> Group | None:
    """Return the group without a slot, by its number from 1; None if there is none."""
    if not 1 <= number <= len(group.rota.slots):
        return None
    slots = (s for n, s in enumerate(group.rota.slots, start=1) if n != number)
    return replace(group, rota=Rota(tuple(slots), group.rota.swaps))


def next_shift(group: Group, user: UserId, day: int, now: datetime) -> Shift | None:
    """Return somebody's next shift that begins on a weekday and is not over."""
    ahead = shifts(group, now, now + _WEEKS)
    return next((one for one in ahead if one.slot.day == day and user in one.users), None)


def swapped(group: Group, shift: Shift, by: UserId, to: UserId, now: datetime) -> Group:
    """Return the group with somebody in another one's place; swaps that are over go."""
    here = [s for s in group.rota.swaps if (s.on, s.begins) == (shift.on, shift.slot.begins)]
    first = next((swap for swap in here if swap.to == by), None)  # they stand in for somebody
    swap = Swap(shift.on, shift.slot.begins, by if first is None else first.by, to)
    oldest = (now - timedelta(days=2)).date()
    others = (one for one in group.rota.swaps if one.on >= oldest and one != first)
    return replace(group, rota=replace(group.rota, swaps=(*others, swap)))


def _time(hour: str, minute: str | None) -> time | None:
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (_MIDNIGHT, 0):
        return time(0)
    try:
        return time(hours, minutes)
    except ValueError:
        return None


def _length(wished: Wished) -> timedelta:
    first = timedelta(hours=wished.begins.hour, minutes=wished.begins.minute)
    last = timedelta(hours=wished.ends.hour, minutes=wished.ends.minute)
    return last - first if last > first else last - first + timedelta(days=1)
