"""!resource: keeps the shelf of your group: add, list, review, edit, drop, approve, decline."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain.dates import day_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.shelf import keeping
from appservice.domain.shelf.keeping import kept, shelf_of
from appservice.domain.shelf.shelf import Shelf
from appservice.domain.shelf.telling import for_facilitators
from appservice.domain.shelf.writing import entry_in
from appservice.domain.subcommand import after, subcommand
from appservice.domain.suggesting import decided, find
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId, verbatim

_NAMES = ("add", "list", "review", "edit", "drop", "approve", "decline")
_LONGEST = 6  # digits


def resource(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, show the shelf."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "resource", _NAMES) if rest else ("list", "")
    if word is None:
        return turn.refuse(Text("resource-words"), group=group)
    name, rest = word
    shelf = shelf_of(turn.state, group.id)
    if name in _WITHOUT_NUMBER:
        return _WITHOUT_NUMBER[name](turn, group, shelf)
    number, rest = _numbered(rest)
    return _WITH_NUMBER[name](turn, group, shelf, number, rest)


def _list(turn: Turn, group: Group, shelf: Shelf) -> Outcome:
    return turn.answer(notice(*for_facilitators(group, shelf, turn.now), group=group.charter.name))


def _add(turn: Turn, group: Group, shelf: Shelf) -> Outcome:
    entry = entry_in(turn, after(turn.text, "resource-add", turn))
    if isinstance(entry, Text):
        return turn.refuse(entry, group=group)
    wrong = None if entry.source else Text("resource-no-source")
    if wrong := wrong or keeping.fault(shelf, entry):
        return turn.refuse(wrong, group=group)
    return _kept(turn, group, keeping.added(shelf, entry, turn.now), shelf.last + 1)


def _review(turn: Turn, group: Group, shelf: Shelf, number: int, rest: str) -> Outcome:
    if keeping.found(shelf, number) is None:
        return turn.refuse(Text("resource-number"), group=group)
    until = day_in(rest)
    if rest and (until is None or not turn.now < until <= turn.now + keeping.LATEST):
        return turn.refuse(Text("resource-until"), group=group)
    return _kept(turn, group, keeping.looked_at(shelf, number, turn.now, until), number)


def _edit(turn: Turn, group: Group, shelf: Shelf, number: int, _: str) -> Outcome:
    if keeping.found(shelf, number) is None:
        return turn.refuse(Text("resource-number"), group=group)
    written = _numbered(after(turn.text, "resource-edit", turn))[1]
    entry = entry_in(turn, written)
    if isinstance(entry, Text):
        return turn.refuse(entry, group=group)
    wrong = None if entry.source else Text("resource-no-source")
    if wrong := wrong or keeping.fault(shelf, entry, but=number):
        return turn.refuse(wrong, group=group)
    return _kept(turn, group, keeping.edited(shelf, number, entry, turn.now), number)


def _drop(turn: Turn, group: Group, shelf: Shelf, number: int, _: str) -> Outcome:
    gone = keeping.found(shelf, number)
    if gone is None:
        return turn.refuse(Text("resource-number"), group=group)
    said = Text("resource-dropped", {"title": verbatim(gone.entry.title)})
    answer = turn.answer(notice(said, group=group.charter.name))
    return kept(keeping.dropped(shelf, number)) + answer


def _approve(turn: Turn, group: Group, shelf: Shelf, number: int, _: str) -> Outcome:
    suggested = find(shelf.suggested, number)
    if suggested is None:
        return turn.refuse(Text("suggestion-number"), group=group)
    user, one = suggested
    without = replace(shelf, suggested=decided(shelf.suggested, number))
    if wrong := keeping.fault(without, one.entry):
        return turn.refuse(wrong, group=group)
    now_on = keeping.added(without, one.entry, turn.now)
    return _kept(turn, group, now_on, now_on.last) + _told(turn, group, user, "suggestion-taken")


def _decline(turn: Turn, group: Group, shelf: Shelf, number: int, _: str) -> Outcome:
    suggested = find(shelf.suggested, number)
    if suggested is None:
        return turn.refuse(Text("suggestion-number"), group=group)
    left = replace(shelf, suggested=decided(shelf.suggested, number))
    answer = turn.answer(notice(Text("suggestion-declined"), group=group.charter.name))
    return kept(left) + answer + _told(turn, group, suggested[0], "suggestion-not-taken")


def _told(turn: Turn, group: Group, user: UserId, key: str) -> Outcome:
    """Tell whoever suggested it, since they asked; but not where it is being answered."""
    if user == turn.user:
        return NOTHING
    said = notice(Text(key, {"group": group.charter.name}), group=group.charter.name)
    return in_private(turn, group, user, said)


def _kept(turn: Turn, group: Group, shelf: Shelf, number: int) -> Outcome:
    one = next(one for one in shelf.resources if one.number == number)
    said = Text(
        "resource-kept",
        {
            "number": number,
            "title": verbatim(one.entry.title),
            "date": f"{one.expires:%Y-%m-%d}",
        },
    )
    return kept(shelf) + turn.answer(notice(said, group=group.charter.name))


def _numbered(rest: str) -> tuple[int, str]:
    """Split a number off the beginning; 0: there is none."""
    first, _, more = rest.strip().partition(" ")
    number = int(first) if first.isdecimal() and len(first) <= _LONGEST else 0
    return number, more.strip()


_WITHOUT_NUMBER: Mapping[str, Callable[[Turn, Group, Shelf], Outcome]] = {
    "add": _add,
    "list": _list,
}
_WITH_NUMBER: Mapping[str, Callable[[Turn, Group, Shelf, int, str], Outcome]] = {
    "review": _review,
    "edit": _edit,
    "drop": _drop,
    "approve": _approve,
    "decline": _decline,
}
