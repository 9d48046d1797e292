"""How the shelf changes: added, looked at, edited, taken away; and when it is looked at next."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.group_life.timers import resting, waking
from appservice.domain.outcome import Outcome
from appservice.domain.shelf.shelf import GOOD_FOR, Entry, Resource, Shelf, Suggestion
from appservice.domain.shelf.writing import same_link
from appservice.domain.state import State
from appservice.domain.suggesting import in_order
from appservice.domain.types import GroupId, Matter, Text

MOST = 50
SOON = timedelta(days=30)  # before it is out of date
LATEST = timedelta(days=732)  # two years


def shelf_of(state: State, group: GroupId) -> Shelf:
    """Return the shelf of a group; an empty one if there is none yet."""
    return state.known(Shelf(group))


def found(shelf: Shelf, number: int) -> Resource | None:
    """Return what has this number on the shelf."""
    return next((one for one in shelf.resources if one.number == number), None)


def fault(shelf: Shelf, entry: Entry, but: int = 0) -> Text | None:
    """Say why an entry cannot come onto the shelf: it is full, or the link is there already.

    A link that waits for a word is there too. `but`: the number of the one that it replaces.
    """
    there: list[Resource | Suggestion] = [*shelf.resources, *in_order(shelf.suggested)]
    for one in there:
        if one.number != but and same_link(one.entry.link, entry.link):
            return Text("resource-twice", {"number": one.number})
    if not but and len(shelf.resources) >= MOST:
        return Text("resource-full", {"most": MOST})
    return None


def added(shelf: Shelf, entry: Entry, now: datetime) -> Shelf:
    """Put an entry onto the shelf; whoever adds it has looked at it."""
    new = Resource(shelf.last + 1, entry, now, now + GOOD_FOR)
    return replace(shelf, resources=(*shelf.resources, new), last=new.number)


def looked_at(shelf: Shelf, number: int, now: datetime, until: datetime | None = None) -> Shelf:
    """Keep that somebody has looked at one; it is good for a year, or until another day."""
    expires = until or now + GOOD_FOR
    return _with(shelf, number, lambda one: replace(one, reviewed=now, expires=expires, told=""))


def edited(shelf: Shelf, number: int, entry: Entry, now: datetime) -> Shelf:
    """Write one anew; whoever does that has looked at it."""
    return _with(looked_at(shelf, number, now), number, lambda one: replace(one, entry=entry))


def dropped(shelf: Shelf, number: int) -> Shelf:
    """Take one away."""
    left = tuple(one for one in shelf.resources if one.number != number)
    return replace(shelf, resources=left)


def told(shelf: Shelf, numbers: Iterable[int], what: str) -> Shelf:
    """Keep that facilitators know of these that they are nearly or wholly out of date."""
    for number in numbers:
        shelf = _with(shelf, number, lambda one: replace(one, told=what))
    return shelf


def kept(shelf: Shelf) -> Outcome:
    """Write the shelf down, and look at it when something on it gets too old."""
    looks = [at for one in shelf.resources if (at := next_look(one)) is not None]
    put = Outcome(puts=(shelf,))
    if not looks:
        return put + resting(shelf.group, Matter.SHELF)
    return put + waking(shelf.group, Matter.SHELF, min(looks))


def next_look(one: Resource) -> datetime | None:
    """Return when facilitators are to be told about one."""
    match one.told:
        case "":
            return one.expires - SOON
        case "soon":
            return one.expires
        case _:
            return None


def _with(shelf: Shelf, number: int, change: Callable[[Resource], Resource]) -> Shelf:
    all_of_them = shelf.resources
    changed = tuple(change(one) if one.number == number else one for one in all_of_them)
    return replace(shelf, resources=changed)
