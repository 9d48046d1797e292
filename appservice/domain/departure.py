"""How a membership ends, whichever way: doors closed, consents taken back, a day set for the rest.

Of whoever has left the record of what they agreed to is kept for ninety days, so that it can be
shown; then it goes, and the lines about it lose their words.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain import grace, orientation, rhythm
from appservice.domain.effects import Remove, Wake
from appservice.domain.entries import Erasure
from appservice.domain.events import RetentionEnded
from appservice.domain.gate import record
from appservice.domain.gate.application import abandoned
from appservice.domain.ground_rules.renewal import ended, of
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.own_pause import forgotten
from appservice.domain.pausing import unmuted
from appservice.domain.postvention import keeping as postventions
from appservice.domain.records import Consent
from appservice.domain.roles.ending import resigned
from appservice.domain.state import State
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, UserId
from appservice.domain.unnamed import unnamed

KEPT_FOR = timedelta(days=90)
_LOOK_AGAIN = timedelta(days=1)


def departed(here: Turn, user: UserId, group: Group, *, for_rules: bool = False) -> Outcome:
    """Take somebody out of a group: their consent, their way in, and whatever they did there.

    `here`: where it was decided; it need not be their own turn.
    """
    state, now = here.state, here.now
    out = Outcome()
    if consent := state.consent(user, group.id):
        gone = replace(
            consent,
            withdrawn=now,
            pauses=(),
            pause_ends=None,
            options=(),
            removed_for_rules=for_rules,
        )
        out += Outcome(puts=(gone,), entries=record.taken_back(consent, now))
        out += kept_until(gone, now + KEPT_FOR) + unmuted(group, gone)
        out += forgotten(consent)
    if renewal := of(state, user, group.id):
        out += ended(renewal)
    for application in state.applications:
        if (application.user, application.group) == (user, group.id):
            out += abandoned(state, application)
    for given in state.graces:
        if (given.user, given.group) == (user, group.id):
            out += grace.over(given)
    out += orientation.forgotten(state, user, group) + rhythm.left(state, user, group)
    group = next((put for put in reversed(out.puts) if isinstance(put, Group)), group)
    group, over = postventions.ended(state, group, user)
    out += over + resigned(here, group, user)[1]
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
            return kept_until(consent, until)
        if state.restored or state.cared_for(event.user):
            return kept_until(consent, now + _LOOK_AGAIN)
        gone = Outcome(drops=(consent,), erasures=(Erasure(event.user, event.group),))
        return gone + _unnamed(state, event.user, event.group)
    return NOTHING


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of what is kept after a membership."""
    return f"retention {user} {group}"


def kept_until(consent: Consent, at: datetime) -> Outcome:
    """Look then whether the record of a consent that has ended can go."""
    event = RetentionEnded(consent.user, consent.group)
    return Outcome(effects=(Wake(timer(consent.user, consent.group), at, event),))


def _unnamed(state: State, user: UserId, group_id: GroupId) -> Outcome:
    group = state.groups.get(group_id)
    if group is None or group == unnamed(group, user):
        return NOTHING
    return Outcome(puts=(unnamed(group, user),))
