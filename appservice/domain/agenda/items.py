"""The parts of a meeting with their minutes: as facilitators have them, or as we suggest them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

CLOSING = "closing"
AFTERCARE = "aftercare"
FOCUS = "focus"
SHARING = "sharing"
LAST = (CLOSING, AFTERCARE)
"""The parts that a meeting ends with; what is added comes before them."""


@dataclass(frozen=True)
class Item:
    """A part of a meeting: one of the known ones, or, with a title, one in people's own words."""

    part: str  # a key of TEMPLATE; empty: their own
    minutes: int
    title: str = ""


@dataclass(frozen=True)
class Slot:
    """An item at its time in a meeting."""

    item: Item
    begins: timedelta  # after the start of the meeting
    ends: timedelta


TEMPLATE = (
    Item("welcome", 5),
    Item("rules", 7),
    Item("round", 18),
    Item(FOCUS, 5),
    Item(SHARING, 25),
    Item("resources", 5),
    Item(CLOSING, 8),
    Item(AFTERCARE, 2),
)
"""A meeting of 75 minutes."""

_SHORT = (Item("welcome", 4), Item(SHARING, 16), Item(CLOSING, 8), Item(AFTERCARE, 2))
"""One of half an hour: the ritual is kept, the rest is one conversation."""

SHORT = 45  # minutes; a shorter meeting has the short form


def template(minutes: int) -> tuple[Item, ...]:
    """Return what we suggest for a meeting of this length; its end takes no longer than needed."""
    whole = _SHORT if minutes < SHORT else TEMPLATE
    end = tuple(item for item in whole if item.part in LAST)
    body = tuple(item for item in whole if item not in end)
    room = minutes - total(end)
    return fitted(whole, minutes) if room < total(body) // 2 else (*fitted(body, room), *end)


def fitted(items: Sequence[Item], minutes: int) -> tuple[Item, ...]:
    """Give each item its share of the minutes, in whole ones; no item is left without any.

    Of more items than minutes the last ones are left out.
    """
    kept = items[: max(minutes, 1)]
    shares = [item.minutes * minutes / total(kept) for item in kept]
    given = [max(int(share), 1) for share in shares]
    while sum(given) < minutes:  # to whom most is missing
        given[max(range(len(kept)), key=lambda at: (shares[at] - given[at], -at))] += 1
    while sum(given) > max(minutes, 1):  # from the longest: the shortest were lifted to one
        given[max(range(len(kept)), key=lambda at: (given[at], at))] -= 1
    return tuple(replace(item, minutes=whole) for item, whole in zip(kept, given, strict=True))


def items_of(own: Sequence[Item], minutes: int) -> tuple[Item, ...]:
    """Return the items of a meeting of this length; what is too long is made to fit.

    `own`: as facilitators have made it; empty: the template.
    """
    if not own:
        return template(minutes)
    return tuple(own) if total(own) <= minutes else fitted(own, minutes)


def slots(items: Sequence[Item]) -> tuple[Slot, ...]:
    """Return each item at its time, one after the other."""
    found, at = [], timedelta()
    for item in items:
        ends = at + timedelta(minutes=item.minutes)
        found.append(Slot(item, at, ends))
        at = ends
    return tuple(found)


def total(items: Sequence[Item]) -> int:
    """Return the minutes of all of them."""
    return sum(item.minutes for item in items)
