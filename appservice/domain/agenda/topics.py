"""What members would like to talk about: suggested in private, merged, voted on, forgotten.

Whose a topic is, and who voted how, stands under their names until the vote is closed; then only
the chosen words are left, and nobody's name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, UserId

MOST = 20  # of a group at a time: as many as a poll may have answers (MSC3381)
MOST_OF_ONE = 3
DOTS = 3
LONGEST = 100  # characters
CHOSEN = 3  # that go onto the agenda, at most
KEPT = 8  # results; more meetings than that are not begun within a day of each other


@dataclass(frozen=True)
class Topic:
    """A topic as somebody suggested it."""

    number: int
    title: str
    named: bool = False  # they want their name to stand beside it


@dataclass(frozen=True)
class Chosen:
    """A topic that a vote has put onto the agenda."""

    title: str
    dots: int


@dataclass(frozen=True)
class Result:
    """What a vote has put onto the agenda of one meeting."""

    number: int  # of the meeting
    was: datetime  # wall time by the rule, as of Progress
    topics: tuple[Chosen, ...]


@dataclass(frozen=True)
class Topics(OfGroup):
    """The topics of a group that are open, and what was chosen for meetings that are ahead."""

    group: GroupId
    suggested: Mapping[UserId, tuple[Topic, ...]] = field(default_factory=dict)
    merged: tuple[tuple[int, ...], ...] = ()  # numbers that count as one topic
    votes: Mapping[UserId, tuple[str, ...]] = field(default_factory=dict)  # numbers: dots
    last: int = 0  # the number that was given last
    results: tuple[Result, ...] = ()  # at most one for each meeting
    kind: ClassVar[str] = "topics"


@dataclass(frozen=True)
class Listed:
    """A topic as everybody sees it."""

    number: int
    title: str
    names: tuple[UserId, ...] = ()  # of those who want theirs to stand there


def listed(topics: Topics) -> tuple[Listed, ...]:
    """Return the open topics by number; merged ones as one, in the words of the first."""
    by_number = {
        topic.number: (topic, user) for user, own in topics.suggested.items() for topic in own
    }
    found = []
    for number in sorted(by_number):
        alike = [one for one in _alike(topics, number) if one in by_number]
        if number != alike[0]:
            continue
        names = tuple(by_number[one][1] for one in alike if by_number[one][0].named)
        found.append(Listed(number, by_number[number][0].title, tuple(dict.fromkeys(names))))
    return tuple(found)


def find(topics: Topics, number: int) -> Listed | None:
    """Return the topic that a number means, also one that was merged into another."""
    alike = _alike(topics, number)
    return next((one for one in listed(topics) if one.number in alike), None)


def suggested(topics: Topics, user: UserId, title: str, *, named: bool) -> Topics:
    """Add a topic of somebody's."""
    number = topics.last + 1
    own = (*topics.suggested.get(user, ()), Topic(number, title, named))
    return replace(topics, suggested={**topics.suggested, user: own}, last=number)


def dropped(topics: Topics, number: int, *, by: UserId | None = None) -> Topics:
    """Take a topic out, with what was merged into it; `by`: only this very one of theirs."""
    gone = (number,) if by is not None else _alike(topics, number)
    left = {
        user: tuple(one for one in own if one.number not in gone or by not in (None, user))
        for user, own in topics.suggested.items()
    }
    return replace(topics, suggested={user: own for user, own in left.items() if own})


def merged(topics: Topics, numbers: Iterable[int]) -> Topics:
    """Let several topics count as one, in the words of the one that is named first."""
    order = tuple(dict.fromkeys(one for number in numbers for one in _alike(topics, number)))
    rest = tuple(one for one in topics.merged if not set(order).intersection(one))
    return replace(topics, merged=(*rest, order))


def tally(topics: Topics) -> tuple[Chosen, ...]:
    """Count the dots; the topic with the most comes first, of equals the older one."""
    dots: Counter[int] = Counter()
    for votes in topics.votes.values():
        for vote in votes:
            found = find(topics, int(vote))
            if found is not None:
                dots[found.number] += 1
    open_ones = listed(topics)
    by_dots = sorted(open_ones, key=lambda one: (-dots[one.number], one.number))
    return tuple(Chosen(one.title, dots[one.number]) for one in by_dots)


def closed(topics: Topics, number: int, was: datetime) -> Topics:
    """Put the topics with the most dots onto the agenda of a meeting, and forget all the rest."""
    chosen = tuple(one for one in tally(topics) if one.dots)[:CHOSEN]
    others = over(topics, number, was).results
    results = (*others, Result(number, was, chosen))[-KEPT:]
    return Topics(topics.group, last=topics.last, results=results)


def over(topics: Topics, number: int, was: datetime) -> Topics:
    """Forget what was chosen for a meeting."""
    left = tuple(one for one in topics.results if (one.number, one.was) != (number, was))
    return replace(topics, results=left)


def _alike(topics: Topics, number: int) -> tuple[int, ...]:
    """Return the numbers that count as one with this, the one whose words stand first."""
    return next((one for one in topics.merged if number in one), (number,))
