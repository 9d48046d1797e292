"""topic: suggests what your group could talk about, without your name unless you say so."""

from appservice.domain.agenda.shown import topics_of
from appservice.domain.agenda.topics import (
    LONGEST,
    MOST,
    MOST_OF_ONE,
    Topics,
    dropped,
    find,
    listed,
    suggested,
)
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text, UserId, Values, verbatim


def topic(turn: Turn, rest: str) -> Outcome | None:
    """Keep a topic until the next vote is closed, or take one back: `topic drop 3`."""
    open_groups = [
        turn.groups[consent.group]
        for consent in turn.consents()
        if not consent.pauses and turn.groups[consent.group].stage == "open"
    ]
    if not open_groups:
        return turn.answer(notice(Text("topic-no-group")))
    if len(open_groups) == 1:
        return _in(turn, open_groups[0], rest)
    found = facilitated_first(turn, rest, open_groups)
    if isinstance(found, Text):
        return turn.answer(Reply("not_understood", (found,)))
    return _in(turn, *found)


def _in(turn: Turn, group: Group, rest: str) -> Outcome:
    head, _, tail = rest.partition(" ")
    if head.casefold() in spellings(turn, "topic-drop") and tail.strip().isdecimal():
        return _taken_back(turn, group, int(tail))
    title, is_named = _named(turn, rest)
    if not title:
        return turn.answer(notice(Text("topic-how"), group=group.charter.name))
    topics = topics_of(turn.state, group.id)
    if (fault := _fault(topics, turn.user, title)) is not None:
        return turn.refuse(fault, group=group)
    kept = suggested(topics, turn.user, title, named=is_named)
    values: Values = {"title": verbatim(title), "number": kept.last}
    key = "topic-kept-named" if is_named else "topic-kept"
    said = turn.answer(notice(Text(key, values), group=group.charter.name))
    told = notices(places_of_facilitators(turn.state, group), group, Text("topic-new", values))
    return Outcome(puts=(kept,)) + said + told


def _fault(topics: Topics, user: UserId, title: str) -> Text | None:
    """Return what keeps a topic from being noted."""
    own, open_ones = topics.suggested.get(user, ()), listed(topics)
    if len(title) > LONGEST:
        return Text("topic-too-long", {"most": LONGEST})
    if any(one.title.casefold() == title.casefold() for one in open_ones):
        return Text("topic-there")
    if len(own) >= MOST_OF_ONE:
        numbers = ", ".join(str(one.number) for one in own)
        most: Values = {"most": MOST_OF_ONE, "numbers": numbers, "number": own[0].number}
        return Text("topic-three", most)
    return Text("topic-many") if len(open_ones) >= MOST else None


def _named(turn: Turn, rest: str) -> tuple[str, bool]:
    """Split the wish for one's own name off a topic."""
    said = " ".join(rest.split())
    for words in sorted(spellings(turn, "topic-named"), key=len, reverse=True):
        if said.casefold() == words or said.casefold().startswith((f"{words} ", f"{words}:")):
            return said[len(words) :].lstrip(" :"), True
    return said, False


def _taken_back(turn: Turn, group: Group, number: int) -> Outcome:
    topics = topics_of(turn.state, group.id)
    own = {one.number for one in topics.suggested.get(turn.user, ())}
    if number not in own:
        key = "topic-not-yours" if find(topics, number) else "topic-unknown"
        return turn.refuse(Text(key, {"number": number}), group=group)
    kept = dropped(topics, number, by=turn.user)
    said = notice(Text("topic-gone", {"number": number}), group=group.charter.name)
    return Outcome(puts=(kept,)) + turn.answer(said)
