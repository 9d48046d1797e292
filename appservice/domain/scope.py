"""What must be loaded before an event can be decided."""

import re
from dataclasses import dataclass
from typing import assert_never

from appservice.domain.events import (
    AdmissionBlocked,
    Admitted,
    AnswerSought,
    AnswersQuoted,
    ApplicantDue,
    ApplicationExpired,
    CaseDue,
    ChatInspected,
    ChatOpened,
    CircleSpoke,
    CloseAsked,
    CodeDrawn,
    DeclineEnded,
    DeviceTrusted,
    DutyDue,
    ErasureAsked,
    Event,
    FeedDrawn,
    GraceEnded,
    GroupAsked,
    GroupDue,
    GroupInspected,
    GroupSetBack,
    IdentityAccepted,
    IdentityChanged,
    IdentityConfirmed,
    KeeperInvited,
    LifetimeDue,
    MeetingDue,
    MessageSaid,
    MessageShown,
    MessageUnreadable,
    NameTaken,
    NewcomerDue,
    OfferExpired,
    OutsideFailed,
    PageCodeSent,
    PageFailed,
    PageSwept,
    Parted,
    PauseEnded,
    PersonSetBack,
    PollAnswered,
    PromptDue,
    RatificationDue,
    RenewalDue,
    RetentionEnded,
    RoleOrdered,
    RoomEmptied,
    RoomMade,
    StewardInspected,
    StewardInvited,
    SweepDue,
    TakenOut,
    TipDue,
)
from appservice.domain.gate.codes import candidates, fold_code
from appservice.domain.group import Group
from appservice.domain.types import GroupId, RoomId, UserId

_MARK = re.compile(r"[\W_]*!\w")


@dataclass(frozen=True)
class Scope:
    """A wish list; what is not there is simply left out of the State.

    `user`: `State.person`, and this person's applications, consents (withdrawn ones too),
    renewals and graces, with every Group that these name.
    `room`: `State.room`. If it belongs to a group, that group with all its consents; if it is a
    private chat of another user than `user`, that user in `State.people`.
    `groups`: each Group with all its applications, consents, renewals and graces, and in
    `State.people` everybody whom these name, and everybody in `users`
    whom we know; and with each Group whom its charter names.
    `codes`: `State.code` is the first of these that exists, and its Group is loaded too.
    `State.codes` has those that hold a place for the applications of `user`.
    `invites`: `State.codes` has every code of the groups.
    `whole`: every group that `user` has a consent or an application in, as those of `groups`.
    `led`: every group that `user` leads, as those of `groups`; a lead need not be a member.
    `named`: every group that names `user` in anything, as those of `groups`.
    Of a group that splits or was split from another, that other Group is loaded by itself; so are
    its sessions with other groups. Of a session in `groups` both groups are as those of `groups`.
    `spoken`: each Group whose visible name stands in this text is loaded by itself.
    `versions`: of every group that is loaded, the versions of its rules.
    `marks`: all of `State.marks`.
    `sweeps`: of every group that is loaded, `State.sweeps`.
    `declined`, `newcomers`: what these hold of the person.

    `rhythm`: of every group that is loaded the records of its rhythm, and of its members' part
    in that those of `user`; `everybody`: those of all of them.
    `cases`: of every group that is loaded its cases that are not erased, and the last number.
    `concerns`: of every group that is loaded, what stays of those that are.
    `numbers_told`: all of `State.numbers_told`.
    `chat`: `State.room` is the private chat of `user` that counts.

    `State.cares` has everybody whom an open care case names.
    """

    user: UserId | None = None
    room: RoomId | None = None
    groups: tuple[GroupId, ...] = ()
    users: tuple[UserId, ...] = ()
    codes: tuple[str, ...] = ()
    invites: bool = False
    whole: bool = False
    led: bool = False
    named: bool = False
    spoken: str = ""
    versions: bool = False
    marks: bool = False
    sweeps: bool = False
    declined: bool = False
    newcomers: bool = False
    rhythm: bool = False
    everybody: bool = False
    chat: bool = False
    cases: bool = False
    concerns: bool = False
    numbers_told: bool = False


def has_mark(text: str) -> bool:
    """Say whether a text may be a word for facilitators, whatever marks stand before its `!`."""
    return _MARK.match(text) is not None


def beside_of(group: Group) -> set[GroupId]:
    """Return the groups that split from this one or it from them, and those of its sessions."""
    new = group.split.new if group.split is not None else None
    return {other for other in (new, group.split_from) if other is not None} | {*group.joint}


def halves_of(group: Group) -> tuple[GroupId, ...]:
    """Return the two groups of which this one is a session; none if it is none."""
    return group.session.of if group.session is not None else ()


def mentioned(group: Group, text: str) -> bool:
    """Say whether a text has the visible name of a group that is there still."""
    return group.stage != "closed" and group.charter.name.casefold() in text.casefold()


def scope(event: Event) -> Scope:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    """Return what `decide` needs to know about an event."""
    match event:
        case MessageSaid():
            return Scope(
                event.user,
                event.room,
                codes=candidates(event.text),
                whole=True,
                led=has_mark(event.text),
                spoken=event.text if has_mark(event.text) else "",
                invites=has_mark(event.text),
                versions=True,
                marks=True,
                declined=True,
                rhythm=True,
                everybody=has_mark(event.text),
                cases=True,
            )
        case PollAnswered():
            return Scope(event.user, event.room, whole=True, rhythm=True, cases=True)
        case MessageUnreadable() | MessageShown() | ChatOpened() | TipDue() | PageCodeSent():
            return Scope(event.user, event.room)
        case PersonSetBack():
            return Scope(event.user, event.room)
        case ChatInspected():
            return Scope(event.user, event.room, whole=True, versions=True)
        case KeeperInvited() | StewardInvited():
            return Scope(event.inviter, event.room)
        case DeviceTrusted():
            return Scope(event.user, marks=True)
        case IdentityChanged() | IdentityAccepted():
            return Scope(event.user, whole=True)
        case IdentityConfirmed():
            return Scope()
        case CodeDrawn():
            return Scope(event.user, event.room, (event.group,), codes=(fold_code(event.code),))
        case GroupAsked():
            old = (event.split_from,) if event.split_from is not None else ()
            return Scope(groups=(event.group, *old))
        case RoomMade() | NameTaken() | GroupSetBack():
            return Scope(groups=(event.group,), cases=True)
        case CaseDue() | PageFailed():
            return Scope(groups=(event.group,), rhythm=True, cases=True, concerns=True)
        case Admitted():
            return Scope(event.user, whole=True, rhythm=True)
        case AdmissionBlocked() | ApplicationExpired() | GraceEnded():
            return Scope(event.user)
        case DutyDue():
            return Scope(event.user, named=True, cases=True)
        case SweepDue() | PageSwept():
            users = (event.whose,) if event.whose is not None else ()
            return Scope(groups=(event.group,), users=users, sweeps=True)
        case TakenOut():
            authors = (event.author,) if event.author is not None else ()
            return Scope(groups=(event.group,), users=authors)
        case LifetimeDue():
            return Scope(groups=(event.group,), sweeps=True)
        case ErasureAsked() | Parted():
            return Scope(event.user, whole=True, named=True, rhythm=True, cases=True)
        case RetentionEnded():
            return Scope(event.user, rhythm=True)
        case AnswersQuoted():
            return Scope(event.user)
        case ApplicantDue():
            return Scope(event.user, groups=(event.group,))
        case RenewalDue():
            return Scope(event.user, versions=True, rhythm=True, cases=True)
        case PauseEnded():
            return Scope(event.user)
        case DeclineEnded():
            return Scope(event.user, declined=True)
        case NewcomerDue() | CircleSpoke():
            return Scope(event.user, newcomers=True)
        case AnswerSought():
            return Scope(event.user, groups=(event.group,), newcomers=True)
        case RatificationDue() | OfferExpired() | RoleOrdered():
            return Scope(groups=(event.group,), cases=True)
        case GroupDue() | CloseAsked():
            return Scope(
                groups=(event.group,),
                versions=True,
                sweeps=True,
                invites=True,
                rhythm=True,
                everybody=True,
                cases=True,
            )
        case FeedDrawn():
            return Scope(event.user, event.room, rhythm=True)
        case OutsideFailed():
            return Scope(groups=(event.group,), rhythm=True)
        case MeetingDue():
            return Scope(groups=(event.group,), rhythm=True, everybody=True)
        case PromptDue():
            return Scope(event.user, groups=(event.group,), rhythm=True, chat=True)
        case RoomEmptied():
            return Scope(room=event.room, groups=(event.group,))
        case GroupInspected():
            present = {user for facts in event.rooms for user in facts.members}
            return Scope(
                groups=(event.group,),
                users=tuple(sorted(present)),
                cases=True,
                numbers_told=True,
            )
        case StewardInspected():
            return Scope(groups=event.groups, marks=True)
        case _:
            assert_never(event)
