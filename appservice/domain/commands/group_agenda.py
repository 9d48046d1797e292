"""!agenda: shows and changes the parts of your meeting and their minutes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from appservice.domain.agenda.items import LAST, Item, items_of
from appservice.domain.agenda.nearest import nearest
from appservice.domain.agenda.shown import chosen_for, fault, length, numbered, topics_of
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.meetings.changing import changed
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Moment, Text, Values, verbatim

MOST = 20  # parts
LONGEST = 80  # characters of a part's name

_Items = tuple[Item, ...]


def group_agenda(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says with the agenda of the next meeting's series."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    number, rest = _meeting(turn, rest)
    occurrence = nearest(turn.state, group.id, turn.now, number)
    if occurrence is None:
        return turn.refuse(Text("agenda-no-meeting"), group=group)
    if not rest:
        return _shown(turn, group, occurrence)
    word = subcommand(turn, rest, "agenda", ("show", *_CHANGES))
    if word is None:
        return turn.refuse(Text("agenda-words"), group=group)
    if word[0] == "show":
        return _shown(turn, group, occurrence)
    return _change(turn, group, occurrence, *word)


def _change(turn: Turn, group: Group, occurrence: Occurrence, name: str, rest: str) -> Outcome:
    minutes, before = length(occurrence), occurrence.meeting
    items = _CHANGES[name](items_of(before.agenda, minutes), rest, minutes)
    if isinstance(items, Text):
        return turn.refuse(items, group=group)
    after = replace(before, agenda=items)
    kept = changed(turn, group, before, after) if after != before else NOTHING
    return kept + _shown(turn, group, replace(occurrence, meeting=after))


def _meeting(turn: Turn, rest: str) -> tuple[int | None, str]:
    """Split `meeting 2` off, by which a series is meant that does not come next."""
    word = subcommand(turn, rest, "agenda", ("meeting",))
    if word is None:
        return None, rest
    number, _, rest = word[1].partition(" ")
    return (int(number) if number.isdecimal() else 0), rest.strip()


def _shown(turn: Turn, group: Group, occurrence: Occurrence) -> Outcome:
    minutes = length(occurrence)
    own = occurrence.meeting.agenda
    items = own or items_of((), minutes)
    when = Moment(occurrence.starts, occurrence.meeting.zone)
    values: Values = {"group": group.charter.name, "when": when}
    said = [Text("agenda-title", values), numbered(items)]
    said += [one for one in (fault(items, minutes),) if one is not None]
    if chosen := chosen_for(topics_of(turn.state, group.id), occurrence):
        names = tuple(verbatim(one.title) for one in chosen)
        said.append(Text("card", {"lines": (Text("agenda-chosen"), *names)}))
    said.append(Text("agenda-words"))
    return turn.answer(Reply("agenda", tuple(said), group=group.charter.name))


def _add(items: _Items, rest: str, minutes: int) -> _Items | Text:
    """Put a part before the closing ones: `10 A poem`."""
    head, _, title = " ".join(rest.split()).partition(" ")
    if not head.isdecimal() or not title:
        return Text("agenda-add-how")
    if not 1 <= int(head) <= minutes:
        return Text("agenda-minutes-range", {"minutes": minutes})
    if len(title) > LONGEST:
        return Text("agenda-title-long", {"most": LONGEST})
    if len(items) >= MOST:
        return Text("agenda-many", {"most": MOST})
    at = next((n for n, item in enumerate(items) if item.part in LAST), len(items))
    return (*items[:at], Item("", int(head), title), *items[at:])


def _drop(items: _Items, rest: str, _: int) -> _Items | Text:
    at = _number(rest, items)
    if isinstance(at, Text):
        return at
    if len(items) == 1:
        return Text("agenda-last-part")
    return (*items[:at], *items[at + 1 :])


def _minutes(items: _Items, rest: str, minutes: int) -> _Items | Text:
    """Give a part other minutes: `3 20`."""
    which, _, long = rest.strip().partition(" ")
    at = _number(which, items)
    if isinstance(at, Text):
        return at
    if not long.strip().isdecimal() or not 1 <= int(long) <= minutes:
        return Text("agenda-minutes-range", {"minutes": minutes})
    return (*items[:at], replace(items[at], minutes=int(long)), *items[at + 1 :])


def _order(items: _Items, rest: str, _: int) -> _Items | Text:
    """Put the parts in another order: every number once."""
    words = rest.replace(",", " ").split()
    numbers = [int(word) for word in words if word.isdecimal()]
    if len(numbers) != len(words) or sorted(numbers) != list(range(1, len(items) + 1)):
        return Text("agenda-order-how", {"last": len(items)})
    return tuple(items[number - 1] for number in numbers)


def _reset(_: _Items, __: str, ___: int) -> _Items | Text:
    return ()


def _number(rest: str, items: Sequence[Item]) -> int | Text:
    word = rest.strip()
    if not word.isdecimal() or not 1 <= int(word) <= len(items):
        return Text("agenda-which", {"last": len(items)})
    return int(word) - 1


_CHANGES: Mapping[str, Callable[[_Items, str, int], _Items | Text]] = {
    "add": _add,
    "drop": _drop,
    "minutes": _minutes,
    "order": _order,
    "reset": _reset,
}
