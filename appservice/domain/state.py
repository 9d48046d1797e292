"""What the rules may know when they decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from appservice.domain.application import Application, Code
from appservice.domain.cases.case import Case, Concern, Numbering
from appservice.domain.group import Group
from appservice.domain.known import Known
from appservice.domain.numbers import Numbers
from appservice.domain.of_member import OfMember
from appservice.domain.person import Person
from appservice.domain.records import (
    Care,
    Consent,
    Declined,
    Grace,
    Mark,
    Newcomer,
    NumbersTold,
    Record,
    Renewal,
    Room,
    Sweep,
    Version,
)
from appservice.domain.themes.theme import Library
from appservice.domain.types import (
    GroupId,
    UserId,
    Words,
)

R = TypeVar("R", bound=Record)
M = TypeVar("M", bound=OfMember)


@dataclass(frozen=True)
class House:
    """What does not change while we run: who we are, and what the operator set."""

    keeper: UserId
    steward: UserId
    operator: UserId | None
    language: str
    help_page: str | None  # address of the public help page
    helplines: Mapping[str, Numbers]  # by country; it changes where the files do
    group_pages: str | None = None  # the web address under which /g/CODE stands
    calendars: frozenset[str] = frozenset()  # visible names, folded, of groups that are published
    video: bool = False  # there is a video server of ours
    ways: frozenset[str] = frozenset()  # by which people are reached outside of Matrix
    registration_token: str | None = field(default=None, repr=False)  # for new accounts
    topic: str = ""  # of every room of a group, in the house's language; empty: in English
    known: Known = field(default_factory=Known)
    themes: Library = field(default_factory=dict)
    keep_cases: timedelta = timedelta(days=30)  # after their close
    countries: Mapping[str, str] = field(default_factory=dict)  # folded name -> two letters


@dataclass(frozen=True)
class State:
    """What is known when an event is decided. Only what the event concerns is loaded.

    Of a person: Person, their Room (chat), Applications, Consents, Graces, and every Group these
    name. Of a group: the Group, its Rooms, and all Applications, Consents and Graces in it.
    """

    house: House
    words: Words
    person: Person | None = None
    room: Room | None = None  # where it happened
    groups: Mapping[GroupId, Group] = field(default_factory=dict)
    code: Code | None = None  # the code that the event names, if there is one
    codes: tuple[Code, ...] = ()  # that hold places for the applications, or all of the groups
    applications: tuple[Application, ...] = ()
    consents: tuple[Consent, ...] = ()
    graces: tuple[Grace, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    declined: tuple[Declined, ...] = ()  # of the person
    newcomers: tuple[Newcomer, ...] = ()  # of the person
    cares: tuple[Care, ...] = ()  # everybody whom an open care case names
    versions: tuple[Version, ...] = ()  # of the groups, oldest first
    people: Mapping[UserId, Person] = field(default_factory=dict)  # of a group's members
    rooms: tuple[Room, ...] = ()  # of the groups
    marks: tuple[Mark, ...] = ()
    sweeps: tuple[Sweep, ...] = ()  # of the groups
    numbers_told: tuple[NumbersTold, ...] = ()
    rhythm: tuple[Record, ...] | None = None  # of the groups; None: it was not asked for
    cases: tuple[Case, ...] | None = None  # of the groups; None: they were not asked for
    concerns: tuple[Concern, ...] = ()  # of the groups
    numbering: Numbering = field(default_factory=Numbering)
    restored: bool = False  # the database is older than what last ran with it

    def consent(self, user: UserId, group: GroupId) -> Consent | None:
        """Return the consent that counts now, if there is one."""
        for consent in self.consents:
            if (consent.user, consent.group) == (user, group) and consent.withdrawn is None:
                return consent
        return None

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return what is known of this kind; raises LookupError where the scope left it out."""
        return tuple(record for record in self.all_rhythm() if isinstance(record, kind))

    def known(self, new: R) -> R:
        """Return what is kept under a record's key; that record itself where nothing is yet."""
        return next((one for one in self.of(type(new)) if one.key == new.key), new)

    def own(self, kind: type[M], user: UserId, group: GroupId) -> M | None:
        """Return somebody's own part of this kind in a group's rhythm, if there is one."""
        both = ((one.user, one.group, one) for one in self.all_rhythm() if isinstance(one, kind))
        return next((one for who, where, one in both if (who, where) == (user, group)), None)

    def all_rhythm(self) -> tuple[Record, ...]:
        """Return all of it; raises LookupError as `of`."""
        if self.rhythm is None:
            raise LookupError("the rhythm of the groups was not loaded for this event")
        return self.rhythm

    def cared_for(self, user: UserId) -> Care | None:
        """Return that an open care case names somebody, or that they have died; else None."""
        return next((care for care in self.cares if care.user == user), None)

    def is_mourned(self, user: UserId) -> bool:
        """Say whether somebody has died, as facilitators of any group have told us."""
        care = self.cared_for(user)
        return care is not None and bool(care.mourned)

    def case(self, group: GroupId, number: int) -> Case | None:
        """Return a case by its number; raises LookupError where the scope left cases out."""
        if self.cases is None:
            raise LookupError("the cases of the groups were not loaded for this event")
        both = ((case.group, case.number, case) for case in self.cases)
        return next((case for where, one, case in both if (where, one) == (group, number)), None)
