"""A group's charter and ground rules as values: what members read before they decide."""

from dataclasses import dataclass
from datetime import date

from appservice.domain.types import Size, UserId

CORE = ("confidentiality", "peers", "no-crisis-service", "respect", "no-recording", "no-methods")
"""The six rules that no group can do without, whatever its own words for them are."""


@dataclass(frozen=True)
class Question:
    """A question about a core rule: `answers` are shown numbered, `right` counts from 0."""

    ask: str
    answers: tuple[str, ...]  # two or three
    right: int
    explain: str  # said kindly after a wrong answer


@dataclass(frozen=True)
class Rule:
    """One ground rule, at most 60 words; `core` names which of the six that always stay it is."""

    number: int
    title: str
    text: str
    question: Question | None = None  # three of the core rules carry the one that the gate asks
    core: str | None = None  # one of CORE


@dataclass(frozen=True)
class Rules:
    """Ground rules of one version in one language, by number."""

    version: str  # major.minor.patch
    language: str  # BCP 47
    rules: tuple[Rule, ...]

    @property
    def asked(self) -> tuple[Rule, ...]:
        """Return the three that the gate says and asks about one by one."""
        return tuple(rule for rule in self.rules if rule.question is not None)

    @property
    def others(self) -> tuple[Rule, ...]:
        """Return those that the gate says together."""
        return tuple(rule for rule in self.rules if rule.question is None)


@dataclass(frozen=True)
class Charter:
    """What a group is; `name` is the neutral word that servers see, `title` the real name."""

    name: str
    title: str
    purpose: str
    for_whom: str
    not_for_whom: str
    what_happens: str
    hours: str
    zone: str  # IANA name
    language: str  # BCP 47
    country: str  # ISO 3166 alpha-2: whose helplines are shown
    minimum_age: int
    size: Size
    federated: bool  # m.federate of the circle; cannot be changed later
    facilitators: tuple[UserId, ...]
    lead: UserId | None
    rules: tuple[Rules, ...]  # one per language, the group's own language first
    crisis_plan: tuple[tuple[str, str], ...]  # (field, what is written there)
    listed: bool = False
    approval: bool = False  # facilitators have the last word on who comes in
    questions: tuple[str, ...] = ()  # at most three, to those whom they decide about
    capacity: int | None = None  # how many people the group has places for; None: any number
    begins: date | None = None  # a cohort: its first day
    ends: date | None = None  # and its last; after it nobody comes in
    late_joins: bool = True  # whether people come in after it has begun
