"""Loads from the store what an event concerns, so that a pure rule can decide it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from appservice.domain.events import Event, MessageSaid
from appservice.domain.scope import beside_of, scope
from appservice.domain.state import (
    Application,
    Care,
    Code,
    Consent,
    Grace,
    Group,
    House,
    Mark,
    Person,
    Renewal,
    Room,
    State,
    Sweep,
    Version,
)
from appservice.domain.types import Assurance, EventId, Form, GroupId, UserId, Words
from appservice.domain.unnamed import unnamed
from appservice.ports import Work


@dataclass
class Known:
    """What is known without the database."""

    house: House
    words: Words
    restored: bool = False  # the database was set back; true until every room has been looked at


@dataclass
class _Around:
    """Groups, with everybody in them."""

    groups: dict[GroupId, Group] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    graces: list[Grace] = field(default_factory=list)
    renewals: list[Renewal] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    sweeps: list[Sweep] = field(default_factory=list)

    def named(self) -> set[GroupId]:
        """Return the groups that the records name."""
        return {record.group for record in self._records()}

    def users(self) -> set[UserId]:
        named = {user for group in self.groups.values() for user in group.charter.named}
        return {record.user for record in self._records()} | named

    def _records(self) -> Sequence[Application | Consent | Grace | Renewal]:
        return [*self.applications, *self.consents, *self.graces, *self.renewals]


async def load(work: Work, known: Known, event: Event) -> State:
    """Return the State for an event; the caller's transaction keeps it true until the commit."""
    wanted = scope(event)
    room = await work.get(Room, wanted.room) if wanted.room else None
    user = wanted.user or (room.user if room else None)
    code = await _code(work, wanted.codes)
    own = await _own(work, user)
    ids = own.named() | set(wanted.groups)
    if user and (wanted.led or wanted.named):
        ids |= await _naming(work, user, anywhere=wanted.named)
    ids |= {room.group} if room is not None and room.group else set()
    around = await _around(work, ids, versions=wanted.versions, sweeps=wanted.sweeps)
    users = {*around.users(), *wanted.users, *_of(room)} | ({user} if user else set())
    people = await _people(work, users)
    if wanted.codes:  # last, so that nothing else is loaded for it
        around.groups |= await _group_of(work, code)
    return State(
        house=known.house,
        words=known.words,
        person=await work.get(Person, user) if user else None,
        room=room,
        groups=around.groups,
        code=code,
        codes=await _codes(work, own, ids if wanted.invites else ()),
        applications=_together(own.applications, around.applications),
        consents=_together(own.consents, around.consents),
        graces=_together(own.graces, around.graces),
        renewals=_together(own.renewals, around.renewals),
        cares=tuple(await work.all(Care)),
        versions=tuple(sorted(around.versions, key=lambda version: version.published)),
        people=people,
        sweeps=tuple(around.sweeps),
        rooms=tuple(around.rooms),
        marks=tuple(await work.all(Mark)) if wanted.marks else (),
        restored=known.restored,
    )


async def asking_help(work: Work, known: Known, room: Room) -> State:
    """Return the State in which the member of a private chat would ask for help now."""
    user = room.user or UserId("")
    asked = MessageSaid(room.room, user, EventId(""), "help", Form.TEXT, Assurance.UNSIGNED)
    return await load(work, known, asked)


async def _own(work: Work, user: UserId | None) -> _Around:
    if user is None:
        return _Around()
    return _Around(
        applications=list(await work.of_person(Application, user)),
        consents=list(await work.of_person(Consent, user)),
        graces=list(await work.of_person(Grace, user)),
        renewals=list(await work.of_person(Renewal, user)),
    )


async def _around(work: Work, ids: Iterable[GroupId], *, versions: bool, sweeps: bool) -> _Around:
    around = _Around()
    for id_ in sorted(ids):
        group = await work.get(Group, id_)
        if group is not None:
            around.groups[id_] = group
            around.applications += await work.of_group(Application, id_)
            around.consents += await work.of_group(Consent, id_)
            around.graces += await work.of_group(Grace, id_)
            around.renewals += await work.of_group(Renewal, id_)
            around.sweeps += await work.of_group(Sweep, id_) if sweeps else []
            around.versions += await work.of_group(Version, id_) if versions else []
            around.rooms += await work.of_group(Room, id_)
    for group in tuple(around.groups.values()):
        for beside in beside_of(group) - around.groups.keys():
            other = await work.get(Group, beside)
            around.groups |= {beside: other} if other is not None else {}
    return around


async def _naming(work: Work, user: UserId, *, anywhere: bool) -> set[GroupId]:
    """Return the groups that name somebody: as their lead, or anywhere."""
    return {
        group.id
        for group in await work.all(Group)
        if group.charter.lead == user or (anywhere and unnamed(group, user) != group)
    }


async def _people(work: Work, users: Iterable[UserId]) -> dict[UserId, Person]:
    found = [await work.get(Person, user) for user in sorted(users)]
    return {person.user: person for person in found if person is not None}


async def _code(work: Work, codes: Iterable[str]) -> Code | None:
    """Look at all of them, so that a code which exists takes as long as one which does not."""
    found = [await work.get(Code, code) for code in codes]
    return next((code for code in found if code is not None), None)


async def _group_of(work: Work, code: Code | None) -> dict[GroupId, Group]:
    """Load the group itself and nobody in it: how many they are must not show in an answer."""
    group = await work.get(Group, code.group if code is not None else "")
    return {} if group is None else {group.id: group}


async def _codes(work: Work, own: _Around, groups: Iterable[GroupId]) -> tuple[Code, ...]:
    named = sorted({application.code for application in own.applications if application.code})
    held = [await work.get(Code, code) for code in named]
    of_groups = [code for group in groups for code in await work.of_group(Code, group)]
    found = {code.code: code for code in (*held, *of_groups) if code is not None}
    return tuple(found.values())


def _of(room: Room | None) -> tuple[UserId, ...]:
    return (room.user,) if room is not None and room.user is not None else ()


R = TypeVar("R", bound=Application | Consent | Grace | Renewal)


def _together(own: Iterable[R], around: Iterable[R]) -> tuple[R, ...]:
    """Join two lists; what stands in both counts once."""
    found: dict[str, R] = {}
    for record in (*own, *around):
        found[record.key] = record
    return tuple(found.values())
