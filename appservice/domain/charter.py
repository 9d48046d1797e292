"""A group's charter and ground rules as values: what members read before they decide."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from appservice.domain.types import Size, UserId

CORE = ("confidentiality", "peers", "no-crisis-service", "respect", "no-recording", "no-methods")
"""The six rules that no group can do without, whatever its own words for them are."""

LIFETIMES = (0, 30, 90)
"""Days after which messages may go; 0: they stay."""

PROFESSIONALS = "professionals"
"""A field of the crisis plan that may stay empty: whom near its members `help` names."""


class GroupRole(StrEnum):
    """What a charter names somebody as; whom it does not name is a member or nobody."""

    GREETER = "greeter"  # welcomes newcomers in the circle; no power
    TECH = "tech"  # helps with apps; no power
    FACILITATOR = "facilitator"
    LEAD = "lead"  # responsible for safeguarding


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
    message_lifetime: int = 0  # one of LIFETIMES
    review: str = ""  # the first one, as 2027-05-01; empty: half a year after opening
    greeters: tuple[UserId, ...] = ()
    tech_hosts: tuple[UserId, ...] = ()
    limits_every: int = 8  # weeks, until members read again what the group is not; 0: never
    calls: bool = False  # by sound and video in the circle; who is in one, the server sees

    @property
    def named(self) -> tuple[UserId, ...]:
        """Return everybody who is named as anything."""
        lead = () if self.lead is None else (self.lead,)
        every = (*self.facilitators, *lead, *self.greeters, *self.tech_hosts)
        return tuple(dict.fromkeys(every))
