"""Somebody on their way: when it begins, how long it is kept, and what is forgotten at its end."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import ApplicationExpired
from appservice.domain.gate.codes import given_back
from appservice.domain.gate.rules_text import version_of
from appservice.domain.outcome import Outcome
from appservice.domain.state import Application, Group, State
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, UserId

KEPT_FOR = timedelta(days=7)


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of an application."""
    return f"application {user} {group}"


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
    """Forget an application and its timer."""
    unwake = Unwake(timer(application.user, application.group))
    return Outcome(drops=(application,), effects=(unwake,))


def abandoned(state: State, application: Application) -> Outcome:
    """Forget an application that led to nothing; its code has the place again."""
    return dropped(application) + given_back(state, application)
