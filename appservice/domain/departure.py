"""How a membership ends, whichever way: doors closed, consents taken back, a day set for the rest.

Of whoever has left the record of what they agreed to is kept for ninety days, so that it can be
shown; then it goes, and the lines about it lose their words.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain import grace
from appservice.domain.effects import Remove, Wake
from appservice.domain.entries import Erasure
from appservice.domain.events import RetentionEnded
from appservice.domain.gate import record, walk
from appservice.domain.ground_rules.renewal import ended, of
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.pausing import unmuted
from appservice.domain.state import Consent, Group, State
from appservice.domain.types import GroupId, UserId

KEPT_FOR = timedelta(days=90)
_LOOK_AGAIN = timedelta(days=1)


def departed(
    state: State, user: UserId, group: Group, now: datetime, *, for_rules: bool = False
) -> Outcome:
    """Take somebody out of a group: their consent, their way in, their time to pass the gate."""
    out = Outcome()
    if consent := state.consent(user, group.id):
        gone = replace(consent, withdrawn=now, pauses=(), options=(), removed_for_rules=for_rules)
        out += Outcome(puts=(gone,), entries=record.taken_back(consent, now))
        out += _kept_until(gone, now + KEPT_FOR) + unmuted(group, gone)
    if renewal := of(state, user, group.id):
        out += ended(renewal)
    for application in state.applications:
        if (application.user, application.group) == (user, group.id):
            out += walk.dropped(application)
    for given in state.graces:
        if (given.user, given.group) == (user, group.id):
            out += grace.over(given)
    if group.rooms:
        out += Outcome(effects=(Remove(user, tuple(group.rooms.values())),))
    return out


def retention_ended(state: State, event: RetentionEnded, now: datetime) -> Outcome:
    """Look again: the record of a consent goes, unless they are back or a care case names them."""
    for consent in state.consents:
        if (consent.user, consent.group) != (event.user, event.group):
            continue
        if consent.withdrawn is None:
            return NOTHING
        until = consent.withdrawn + KEPT_FOR
        if now < until:
            return _kept_until(consent, until)
        if state.restored or state.cared_for(event.user):
            return _kept_until(consent, now + _LOOK_AGAIN)
        gone = Outcome(drops=(consent,), erasures=(Erasure(event.user, event.group),))
        return gone + _unnamed(state, event.user, event.group)
    return NOTHING


def without_name(group: Group, user: UserId) -> Group:
    """Return a group that names somebody no more, save in its charter: that is its founders'."""
    change = group.change
    if change is not None:
        change = replace(
            change,
            by=UserId("") if change.by == user else change.by,
            concerned=tuple(one for one in change.concerned if one != user),
        )
    return replace(
        group,
        signed=tuple(one for one in group.signed if one != user),
        muted=tuple(one for one in group.muted if one != user),
        change=change,
    )


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of what is kept after a membership."""
    return f"retention {user} {group}"


def _kept_until(consent: Consent, at: datetime) -> Outcome:
    event = RetentionEnded(consent.user, consent.group)
    return Outcome(effects=(Wake(timer(consent.user, consent.group), at, event),))


def _unnamed(state: State, user: UserId, group_id: GroupId) -> Outcome:
    group = state.groups.get(group_id)
    if group is None or group == without_name(group, user):
        return NOTHING
    return Outcome(puts=(without_name(group, user),))
