"""A vote, from a draft to a result that does not tell who chose what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, Text, UserId, verbatim

DOTS = 3  # each voter has so many
DEGREES = ("poll-degree-1", "poll-degree-2", "poll-degree-3", "poll-degree-4")
"""Of a consent-style vote: agree, can live with it, concerned, block."""
CONCERNED = frozenset({"3", "4"})


class How(StrEnum):
    """How people choose."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    DOTS = "dots"  # shared out over the choices, several on one if wished
    CONSENT = "consent"  # agree, can live with it, concerned, block


class Stage(StrEnum):
    """How far a vote has come."""

    DRAFT = "draft"  # shown back to who wrote it
    WAITS = "waits"  # a member's: for a facilitator's yes
    OPEN = "open"
    CLOSED = "closed"


class Mood(StrEnum):
    """What a consent-style vote leads to; how many were of which mind is never told."""

    NONE = "none"  # nobody voted
    AGREED = "agreed"
    CONCERNED = "concerned"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Result:
    """What may be told of a vote once it is closed."""

    winners: tuple[int, ...] = ()  # choices by their number from 1; several: a tie
    counts: tuple[int, ...] = ()  # one for each choice; empty: too few voted to tell them
    mood: Mood | None = None  # of a consent-style vote, which has nothing else


@dataclass(frozen=True)
class Poll(OfGroup):
    """A vote of a group. Single votes are gone as soon as it is closed."""

    id: str
    group: GroupId
    number: int  # by which people name it; it may be used again once this one is gone
    question: str
    options: tuple[str, ...]  # none where it is consent-style
    how: How
    stage: Stage
    since: datetime  # when this stage began
    minutes: int  # how long it is open
    by: UserId
    until: datetime | None = None  # instead of `minutes`
    of_member: bool = False
    closes: datetime | None = None  # once it is open
    votes: Mapping[UserId, tuple[str, ...]] = field(default_factory=dict)  # numbers from 1
    answered: Mapping[UserId, datetime] = field(default_factory=dict)  # last time we said so
    talk: datetime | None = None  # when facilitators are told that somebody is concerned
    talked: bool = False
    reminded: bool = False
    result: Result | None = None
    kind: ClassVar[str] = "poll"

    @property
    def key(self) -> str:
        return self.id

    @property
    def topic(self) -> str:
        """Name the question by which somebody is asked."""
        return f"poll {self.id}"

    def is_open(self, now: datetime) -> bool:
        """Say whether votes count; the moment of its end is what counts, not the look at it."""
        return self.stage is Stage.OPEN and self.closes is not None and now < self.closes

    def is_draft_of(self, user: UserId) -> bool:
        """Say whether it is nobody's but theirs: it goes with them."""
        return self.by == user and self.stage in (Stage.DRAFT, Stage.WAITS)

    def most(self) -> int:
        """Return how many choices one voter has."""
        return {How.MULTIPLE: len(self.options), How.DOTS: DOTS}.get(self.how, 1)

    def labels(self) -> tuple[Text, ...]:
        """Return the choices as they are read, in order."""
        if self.how is How.CONSENT:
            return tuple(Text(key) for key in DEGREES)
        return tuple(verbatim(option) for option in self.options)
