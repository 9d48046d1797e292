"""Somebody on their way: when it begins, how long it is kept, and what is forgotten at its end."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.application import Application
from appservice.domain.asked import closed
from appservice.domain.effects import TakeBack, Unwake, Wake
from appservice.domain.events import ApplicationExpired
from appservice.domain.gate.codes import given_back
from appservice.domain.gate.rules_text import version_of
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, UserId

KEPT_FOR = timedelta(days=7)


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of an application."""
    return f"application {user} {group}"


def waiting_timer(user: UserId, group: GroupId) -> str:
    """Name the timer of somebody who waits for a word or for a place."""
    return f"applicant {user} {group}"


def begin(turn: Turn, group: Group, *, step: int = 1) -> Application:
    """Make a fresh application; step 0 waits for a cross-signed device."""
    return Application(
        user=turn.user,
        group=group.id,
        step=step,
        language=turn.language,
        started=turn.now,
        expires=turn.now + KEPT_FOR,
        rules_version=version_of(group),
    )


def kept(application: Application, now: datetime) -> Outcome:
    """Keep an application for seven days from now."""
    later = now + KEPT_FOR
    expired = ApplicationExpired(application.user, application.group)
    wake = Wake(timer(application.user, application.group), later, expired)
    return Outcome(puts=(replace(application, expires=later),), effects=(wake,))


def dropped(application: Application) -> Outcome:
    """Forget an application and its timers, and take back where its answers were quoted."""
    who = (application.user, application.group)
    unwake = (Unwake(timer(*who)), Unwake(waiting_timer(*who)))
    return Outcome(drops=(application,), effects=unwake) + quotes_gone(application)


def quotes_gone(application: Application) -> Outcome:
    """Take back what the keeper has quoted of somebody's answers."""
    return Outcome(effects=tuple(TakeBack(q.room, q.event) for q in application.quotes))


def not_asked(person: Person, group: GroupId) -> Person:
    """Close what somebody was asked on the way into a group."""
    asked = closed(person.asked, "gate", group)
    return replace(person, asked=closed(asked, "applying", group))


def abandoned(state: State, application: Application) -> Outcome:
    """Forget an application that led to nothing; its code has the place again."""
    out = dropped(application) + given_back(state, application)
    group = state.groups.get(application.group)
    return out if group is None else out + not_moving(application.user, group)


def not_moving(user: UserId, group: Group) -> Outcome:
    """Forget a wish to move here from another group: who comes later by a code is in both."""
    if user not in group.movers:
        return NOTHING
    movers = tuple(other for other in group.movers if other != user)
    return Outcome(puts=(replace(group, movers=movers),))
