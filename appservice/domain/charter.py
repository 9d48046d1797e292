"""A group's charter and ground rules as values: what members read before they decide."""

from dataclasses import dataclass

from appservice.domain.types import Size, UserId


@dataclass(frozen=True)
class Question:
    """A question about a core rule: `answers` are shown numbered, `right` counts from 0."""

    ask: str
    answers: tuple[str, ...]  # two or three
    right: int
    explain: str  # said kindly after a wrong answer


@dataclass(frozen=True)
class Rule:
    """One ground rule, at most 60 words; core rules carry the question the gate asks."""

    number: int
    title: str
    text: str
    question: Question | None = None


@dataclass(frozen=True)
class Rules:
    """Ground rules of one version in one language (issue: one locale per text).

    `core` are the three that the gate asks about, one by one; `others` go in one message.
    """

    version: str  # major.minor.patch
    language: str
    core: tuple[Rule, ...]
    others: tuple[Rule, ...]

    def all(self) -> tuple[Rule, ...]:
        return tuple(sorted((*self.core, *self.others), key=lambda rule: rule.number))


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
