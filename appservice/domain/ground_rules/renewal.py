"""Who is asked to agree to changed rules, until when, and the timer that looks after it."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import RenewalDue
from appservice.domain.outcome import Outcome
from appservice.domain.records import Renewal
from appservice.domain.state import State
from appservice.domain.types import GroupId, UserId

WINDOW = timedelta(days=14)
REMINDED = timedelta(days=7)  # before it is due
LAST_WORD = timedelta(days=1)  # before it is due
PAUSED_FOR = timedelta(days=30)


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of a renewal."""
    return f"renewal {user} {group}"


def waking(renewal: Renewal, at: datetime) -> Outcome:
    """Keep a renewal, and look at it again then."""
    event = RenewalDue(renewal.user, renewal.group)
    return Outcome(puts=(renewal,), effects=(Wake(timer(renewal.user, renewal.group), at, event),))


def resting(renewal: Renewal) -> Outcome:
    """Keep a renewal for which nothing is due now."""
    return Outcome(puts=(renewal,), effects=(Unwake(timer(renewal.user, renewal.group)),))


def ended(renewal: Renewal) -> Outcome:
    """Forget a renewal and its timer."""
    return Outcome(drops=(renewal,), effects=(Unwake(timer(renewal.user, renewal.group)),))


def of(state: State, user: UserId, group: GroupId) -> Renewal | None:
    """Return the renewal that waits for somebody in a group."""
    return next((r for r in state.renewals if (r.user, r.group) == (user, group)), None)


def in_group(state: State, group: GroupId) -> tuple[Renewal, ...]:
    """Return all of a group's that are loaded."""
    return tuple(renewal for renewal in state.renewals if renewal.group == group)


def stood_still(renewal: Renewal, since: datetime, now: datetime) -> Renewal:
    """Move both deadlines by the time for which a care case was open since we last looked."""
    span = max(timedelta(0), now - max(renewal.looked, since))
    ends = renewal.ends + span if renewal.ends is not None else None
    return replace(renewal, due=renewal.due + span, ends=ends, looked=now)
