"""Loads from the store what an event concerns, so that a pure rule can decide it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from appservice.domain.application import Application, Code
from appservice.domain.cases.case import Case, Concern, Numbering
from appservice.domain.events import Event, MessageSaid
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.records import (
    OF_GROUP,
    OF_MEMBER,
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
from appservice.domain.scope import Scope, beside_of, halves_of, mentioned, scope
from appservice.domain.state import House, State
from appservice.domain.types import Assurance, EventId, Form, GroupId, UserId, Words
from appservice.domain.unnamed import unnamed
from appservice.ports import Work


@dataclass
class Known:
    """What is known without the database."""

    house: House
    words: Words
    restored: bool = False  # the database was set back; true until every room has been looked at


R = TypeVar("R", bound=Record)
_Belonging = Application | Consent | Grace | Renewal
_BELONGING = (Application, Consent, Grace, Renewal)


class _Found:
    """Records that were read, each once, by kind."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Record] = {}

    def add(self, records: Iterable[Record]) -> None:
        self._records |= {(record.kind, record.key): record for record in records}

    def of(self, kind: type[R]) -> tuple[R, ...]:
        return tuple(record for record in self._records.values() if isinstance(record, kind))

    def of_kinds(self, kinds: tuple[type[Record], ...]) -> tuple[Record, ...]:
        return tuple(record for record in self._records.values() if isinstance(record, kinds))

    def belonging(self) -> list[_Belonging]:
        """Return what makes somebody belong to a group, or be on their way into it."""
        graces, renewals = self.of(Grace), self.of(Renewal)
        return [*self.of(Application), *self.of(Consent), *graces, *renewals]


async def load(work: Work, known: Known, event: Event) -> State:
    """Return the State for an event; the caller's transaction keeps it true until the commit."""
    wanted, found = scope(event), _Found()
    room = await _room(work, wanted)
    user = wanted.user or (room.user if room else None)
    code = await _code(work, wanted.codes)
    if user is not None:
        found.add(await work.find(_of_person(wanted), users=[user]))
    groups = await _groups(work, wanted, found, room)
    users = {user, room.user if room else None, *wanted.users}
    users |= {record.user for record in found.belonging()}
    users |= {named for group in groups.values() for named in group.charter.named}
    people = {p.user: p for p in await work.several(Person, sorted(filter(None, users)))}
    if wanted.codes:  # last, so that nothing else is loaded for it
        groups |= await _group_of(work, code)
    return State(
        house=known.house,
        words=known.words,
        person=people.get(user) if user else None,
        room=room,
        groups=groups,
        code=code,
        codes=found.of(Code),
        applications=found.of(Application),
        consents=found.of(Consent),
        graces=found.of(Grace),
        renewals=found.of(Renewal),
        declined=found.of(Declined),
        newcomers=found.of(Newcomer),
        cares=tuple(await work.all(Care)),
        versions=tuple(sorted(found.of(Version), key=lambda version: version.published)),
        people=people,
        sweeps=found.of(Sweep),
        rooms=found.of(Room),
        rhythm=found.of_kinds((*OF_GROUP, *OF_MEMBER)) if wanted.rhythm else None,
        marks=tuple(await work.all(Mark)) if wanted.marks else (),
        cases=await _cases(work, wanted, found),
        concerns=found.of(Concern),
        numbers_told=tuple(await work.all(NumbersTold)) if wanted.numbers_told else (),
        numbering=await _numbering(work, wanted),
        restored=known.restored,
    )


async def _cases(work: Work, wanted: Scope, found: _Found) -> tuple[Case, ...] | None:
    """Return those of the groups; of somebody whom anything may name, all there are."""
    if not wanted.cases:
        return None
    return tuple(await work.all(Case)) if wanted.named else found.of(Case)


async def _numbering(work: Work, wanted: Scope) -> Numbering:
    kept = await work.get(Numbering, "") if wanted.cases else None
    return kept or Numbering()


async def asking_help(work: Work, known: Known, room: Room) -> State:
    """Return the State in which the member of a private chat would ask for help now."""
    user = room.user or UserId("")
    asked = MessageSaid(room.room, user, EventId(""), "help", Form.TEXT, Assurance.UNSIGNED)
    return await load(work, known, asked)


async def _room(work: Work, wanted: Scope) -> Room | None:
    """Return where it happened, or the private chat of whom it concerns."""
    where = wanted.room
    if wanted.chat and wanted.user:
        person = await work.get(Person, wanted.user)
        where = person.chat if person is not None else None
    return await work.get(Room, where) if where else None


def _of_person(wanted: Scope) -> list[type[Record]]:
    kinds: list[type[Record]] = [*_BELONGING]
    kinds += [Declined] if wanted.declined else []
    kinds += OF_MEMBER if wanted.rhythm else []
    return kinds + ([Newcomer] if wanted.newcomers else [])


def _of_group(wanted: Scope) -> list[type[Record]]:
    kinds: list[type[Record]] = [*_BELONGING, Room]
    kinds += [Sweep] if wanted.sweeps else []
    kinds += [Version] if wanted.versions else []
    kinds += OF_GROUP if wanted.rhythm else []
    kinds += [Case] if wanted.cases else []
    kinds += [Concern] if wanted.concerns else []
    kinds += OF_MEMBER if wanted.everybody else []
    return kinds + ([Code] if wanted.invites else [])


async def _groups(
    work: Work, wanted: Scope, found: _Found, room: Room | None
) -> dict[GroupId, Group]:
    """Load the groups, with everybody in them, and by themselves those beside them."""
    every = await work.all(Group) if wanted.led or wanted.named or wanted.spoken else ()
    ids = {record.group for record in found.belonging()} | set(wanted.groups)
    ids |= {room.group} if room is not None and room.group else set()
    ids |= {group.id for group in every if _names(wanted, group)}
    groups = {group.id: group for group in await work.several(Group, sorted(ids))}
    halves = {one for id_ in wanted.groups if id_ in groups for one in halves_of(groups[id_])}
    halves -= groups.keys()
    groups |= {group.id: group for group in await work.several(Group, sorted(halves))}
    held = sorted({one.code for one in found.of(Application) if one.code})
    found.add(await work.several(Code, held))
    found.add(await work.find(_of_group(wanted), groups=sorted(groups)))
    beside = {other for group in groups.values() for other in beside_of(group)}
    if wanted.spoken:
        beside |= {group.id for group in every if mentioned(group, wanted.spoken)}
    beside -= groups.keys()
    return groups | {group.id: group for group in await work.several(Group, sorted(beside))}


def _names(wanted: Scope, group: Group) -> bool:
    """Say whether somebody leads a group or is named in it, as far as that is wanted."""
    user = wanted.user
    if user is None or not (wanted.led or wanted.named):
        return False
    return group.charter.lead == user or (wanted.named and unnamed(group, user) != group)


async def _code(work: Work, codes: Iterable[str]) -> Code | None:
    """Look at all of them, so that a code which exists takes as long as one which does not."""
    found = [await work.get(Code, code) for code in codes]
    return next((code for code in found if code is not None), None)


async def _group_of(work: Work, code: Code | None) -> dict[GroupId, Group]:
    """Load the group itself and nobody in it: how many they are must not show in an answer."""
    group = await work.get(Group, code.group if code is not None else "")
    return {} if group is None else {group.id: group}
