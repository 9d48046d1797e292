"""A group as it is kept, with all that goes on in it between its facilitators."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from appservice.domain.cases.case import SideRoom
from appservice.domain.charter import Charter, GroupRole, Rules
from appservice.domain.duty.rota import Probe, Rota
from appservice.domain.types import (
    GroupId,
    RoomId,
    RoomKind,
    UserId,
)


@dataclass(frozen=True)
class Proposal:
    """New ground rules that facilitators are writing: a text for each language changed so far."""

    rules: tuple[Rules, ...]
    why: str = ""
    dropped: tuple[str, ...] = ()  # languages that the next version is to do without


@dataclass(frozen=True)
class Change:
    """A change of the ground rules that everybody is asked about."""

    before: tuple[Rules, ...]
    after: tuple[Rules, ...]
    why: str
    by: UserId
    due: datetime  # who has not agreed by then is paused
    urgent: bool = False  # it counts at once, and falls unless a second person ratifies it
    ratified: bool = False
    concerned: tuple[UserId, ...] = ()
    talked: bool = False  # facilitators were asked to talk about it, for a first concern
    suspended: bool = False  # to be talked about: the rules before count, and nothing is due

    @property
    def version(self) -> str:
        return self.after[0].version

    def is_pending(self, now: datetime) -> bool:
        """Say whether it waits, so that no other change can be published."""
        return self.suspended or now < self.due or (self.urgent and not self.ratified)


@dataclass(frozen=True)
class Offer:
    """A role that is offered to a member; without their own yes nobody has one."""

    user: UserId
    role: GroupRole
    by: UserId | None  # None: the operator
    given: datetime
    expires: datetime
    replaces: UserId | None = None  # whose place it is: they go once the new one is in
    second: UserId | None = None  # who stands for it beside `by`, where two are needed
    accepted: bool = False  # a handover is not over before the new one is in

    @property
    def waits_for_second(self) -> bool:
        """Tell whether somebody else must stand for it before the member is asked."""
        alone = self.by is not None and self.replaces is None and self.second is None
        return alone and self.role is GroupRole.FACILITATOR


@dataclass(frozen=True)
class Revocation:
    """The first of two words that take a facilitator's place away."""

    user: UserId
    by: UserId
    asked: datetime


@dataclass(frozen=True)
class Team:
    """What goes on between those who look after a group."""

    offers: tuple[Offer, ...] = ()  # at most one for each member
    revocations: tuple[Revocation, ...] = ()
    active: datetime | None = None  # when a facilitator last did anything, to a day
    few_told: datetime | None = None  # when we last said that there are too few of them
    silence_told: datetime | None = None  # when we last said that none of them does anything
    greeters_told: datetime | None = None
    numbers_told: datetime | None = None  # that the numbers of its country are not confirmed


@dataclass(frozen=True)
class Edit:
    """The newest change of a field, while a charter is completed in conversation."""

    field: str
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Decision:
    """What a facilitator decided about somebody who asked to come in; of them only the number."""

    number: int
    what: str  # accepted | waitlisted | declined
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Draft:
    """A charter that is completed in conversation: what is asked, and who is where."""

    questions: tuple[str, ...]  # fields of the charter and of its crisis plan
    places: Mapping[UserId, int] = field(default_factory=dict)  # the question they are at, from 0
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Split:
    """That a second group is to begin beside a group: asked for by one, agreed to by a second."""

    by: UserId
    name: str
    facilitators: tuple[UserId, ...]
    new: GroupId | None = None  # once it is agreed to


@dataclass(frozen=True)
class Closing:
    """That a group is to close: asked for by one, and agreed to by a second."""

    by: UserId | None  # None: the operator, whose word is enough
    on: datetime
    agreed: bool = False
    before: str = "open"  # the stage that an undoing leads back to
    last_word: bool = False  # the one a day before was said
    waits: bool = False  # for a care case, and the facilitators know


@dataclass(frozen=True)
class Session:
    """That a group is one session of two groups, and no more than that: docs/rooms.md."""

    of: tuple[GroupId, GroupId]  # who asked, and who was asked
    by: UserId  # the facilitator who asked; another one must agree
    starts: datetime
    ends: datetime
    told: bool = False  # the facilitators of the other group were asked
    made: bool = False  # its room was asked for
    invited: bool = False  # members were asked
    off: bool = False  # one of the groups has called it off


@dataclass(frozen=True)
class CrisisPlan:
    """What stands beside the words of a crisis plan: names under it, and when it is due."""

    signed: tuple[UserId, ...] = ()
    digest: str = ""  # of the words that they signed
    review: datetime | None = None  # when it is to be looked at again
    drilled: datetime | None = None  # when it was last played through
    learned: datetime | None = None  # when they last talked over what cases taught them
    drill: int = 0  # the card of a drill that goes on; 0: none does
    told: Mapping[str, datetime] = field(default_factory=dict)  # what was last said when


@dataclass(frozen=True)
class Postvention:
    """That a member has died, on a facilitator's word: nothing is said to them or about them."""

    user: UserId
    by: UserId
    since: datetime
    second: UserId | None = None  # who has confirmed it
    missed_second: bool = False  # the facilitators were told that nobody has
    looked: int = 0  # the last of the days after it on which facilitators were asked to look
    asked: datetime | None = None  # when members were asked how they are
    wrote: datetime | None = None  # when facilitators were last told that the keeper hears of them


@dataclass(frozen=True)
class Ban:
    """That a facilitator has banned somebody from the circle in their app, the emergency brake."""

    user: UserId
    by: UserId
    seen: datetime
    asked: bool = False  # a second person was
    lifted: bool = False  # it is not seen yet that it is


@dataclass(frozen=True)
class Group:
    """A group, from draft to closed. Its rooms are filled in as they are made."""

    id: GroupId
    stage: str  # draft | open | quiet | closing | closed; of a session: asked | joint | closed
    charter: Charter
    founded: datetime
    rooms: Mapping[RoomKind, RoomId] = field(default_factory=dict)
    signed: tuple[UserId, ...] = ()  # facilitators who signed the draft
    signed_digest: str = ""  # of what exactly they signed
    draft: Draft | None = None
    quiet_until: datetime | None = None  # of a quiet group; None: until somebody wakes it
    closing: Closing | None = None
    split: Split | None = None  # into this and another one
    split_from: GroupId | None = None
    movers: tuple[UserId, ...] = ()  # who come over from there, and are not in yet
    replaced: tuple[RoomId, ...] = ()  # its rooms that somebody has ended from outside
    review: datetime | None = None  # when rules, numbers and plan are to be looked at again
    removals: tuple[datetime, ...] = ()  # by the reconciler, of the last day
    muted: tuple[UserId, ...] = ()  # who is paused, in order
    proposal: Proposal | None = None
    change: Change | None = None  # the newest major one
    team: Team = Team()
    applicants: int = 0  # the last number that somebody was given who waits
    decisions: tuple[Decision, ...] = ()  # the newest ones, newest last
    place_told: bool = False  # that a place is free while people wait for one
    session: Session | None = None  # what it is a session of; None: it is a group of people
    joint: tuple[GroupId, ...] = ()  # sessions that it was asked for, or takes part in
    side: Mapping[RoomId, SideRoom] = field(default_factory=dict)  # rooms of single cases
    barred: Mapping[str, datetime] = field(default_factory=dict)  # who was removed: doors.mark
    bans: tuple[Ban, ...] = ()  # by facilitators in their apps
    hushed: datetime | None = None  # until then only facilitators write in the circle
    red: datetime | None = None  # when a case was last red: nothing is posted by itself for a day
    plan: CrisisPlan = CrisisPlan()
    postventions: tuple[Postvention, ...] = ()  # of members who have died
    posts_rest: datetime | None = None  # nothing is posted by itself until then
    limits_told: datetime | None = None  # when everybody last read what the group is not
    red_paging: datetime | None = None  # since when "immediate danger" pages somebody at once
    rota: Rota = field(default_factory=Rota)
    tested: tuple[Probe, ...] = ()  # the newest test page of each facilitator
    kind: ClassVar[str] = "group"

    @property
    def key(self) -> str:
        return self.id

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, self.id

    @property
    def every_room(self) -> tuple[RoomId, ...]:
        """Return its rooms, and those of its cases."""
        return (*self.rooms.values(), *self.side)
