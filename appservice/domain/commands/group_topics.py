"""!topics: shows what members suggested to talk about; you can merge, drop or close."""

from collections.abc import Callable, Mapping

from appservice.domain.agenda import topic_vote
from appservice.domain.agenda.shown import topics_of
from appservice.domain.agenda.topics import Topics, dropped, find, listed, merged
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, verbatim

_TWO = 2


def group_topics(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, show them."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "topics", _DOING) if rest else ("show", "")
    if word is None:
        return turn.refuse(Text("group-topics-words"), group=group)
    return _DOING[word[0]](turn, group, word[1])


def _show(turn: Turn, group: Group, _: str) -> Outcome:
    return _shown(turn, group, topics_of(turn.state, group.id))


def _merge(turn: Turn, group: Group, rest: str) -> Outcome:
    topics = topics_of(turn.state, group.id)
    numbers = _numbers(rest)
    if numbers is None or len(set(numbers)) < _TWO:
        return turn.refuse(Text("group-topics-merge"), group=group)
    if (unknown := _unknown(topics, numbers)) is not None:
        return turn.refuse(unknown, group=group)
    kept = merged(topics, numbers)
    return Outcome(puts=(kept,)) + _shown(turn, group, kept)


def _drop(turn: Turn, group: Group, rest: str) -> Outcome:
    topics = topics_of(turn.state, group.id)
    numbers = _numbers(rest)
    if not numbers:
        return turn.refuse(Text("group-topics-drop"), group=group)
    if (unknown := _unknown(topics, numbers)) is not None:
        return turn.refuse(unknown, group=group)
    kept = topics
    for number in numbers:
        kept = dropped(kept, number)
    return Outcome(puts=(kept,)) + _shown(turn, group, kept)


def _close(turn: Turn, group: Group, _: str) -> Outcome:
    done = topic_vote.closed_by_hand(turn, group)
    if isinstance(done, Text):
        return turn.refuse(done, group=group)
    return done + turn.answer(notice(Text("topics-closed"), group=group.charter.name))


def _shown(turn: Turn, group: Group, topics: Topics) -> Outcome:
    open_ones = listed(topics)
    name = {"group": group.charter.name}
    if not open_ones:
        return turn.answer(notice(Text("topics-none", name), group=group.charter.name))
    lines = [
        Text("topics-line", {"number": one.number, "title": verbatim(one.title)})
        for one in open_ones
    ]
    card = Text("card", {"lines": (Text("topics-title", name), *lines)})
    return turn.answer(notice(card, Text("group-topics-how"), group=group.charter.name))


def _numbers(rest: str) -> list[int] | None:
    """Return the numbers that a text consists of; None if there is anything else in it."""
    words = rest.replace(",", " ").split()
    return [int(word) for word in words] if all(w.isdecimal() for w in words) else None


def _unknown(topics: Topics, numbers: list[int]) -> Text | None:
    missing = next((one for one in numbers if find(topics, one) is None), None)
    return None if missing is None else Text("topic-unknown", {"number": missing})


_DOING: Mapping[str, Callable[[Turn, Group, str], Outcome]] = {
    "show": _show,
    "merge": _merge,
    "drop": _drop,
    "close": _close,
}
