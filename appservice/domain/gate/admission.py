"""What follows the gate: invitations sent or blocked, a device trusted, a time run out."""

from dataclasses import replace
from datetime import datetime

from appservice.domain import orientation
from appservice.domain.effects import TellOperator
from appservice.domain.events import (
    AdmissionBlocked,
    Admitted,
    ApplicationExpired,
    DeviceTrusted,
)
from appservice.domain.gate.application import abandoned, not_asked
from appservice.domain.gate.messages import receipt
from appservice.domain.gate.walk import ask
from appservice.domain.joint.words import receipt as joint_receipt
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import in_chat, notice
from appservice.domain.types import CauseId, Text


def admitted(state: State, event: Admitted, cause: CauseId, now: datetime) -> Outcome:
    """Say the receipt, once; later invitations (a new room, a way back) need no words."""
    consent = state.consent(event.user, event.group)
    group = state.groups.get(event.group)
    if consent is None or consent.admitted or group is None:
        return NOTHING
    kept = Outcome(puts=(replace(consent, admitted=True),))
    turn = in_chat(state, cause, now)
    if turn is None:
        return kept
    if group.session is not None:
        spoken = replace(turn, language=consent.language)
        return kept + spoken.answer(joint_receipt(consent, group, group.session))
    person, tips = orientation.begun(turn, group)
    spoken = replace(turn, language=consent.language, person=person)
    return kept + spoken.answer(receipt(consent, group, spoken)) + tips


def blocked(state: State, event: AdmissionBlocked, cause: CauseId, now: datetime) -> Outcome:
    """Tell the member how to let the invitation through; the consent stays."""
    group = state.groups.get(event.group)
    if group is None or state.consent(event.user, event.group) is None:
        return NOTHING
    own_choice = event.code == "M_INVITE_BLOCKED"
    told = (
        Outcome()
        if own_choice
        else Outcome(effects=(TellOperator(Text("operator-invite-failed"), {"code": event.code}),))
    )
    turn = in_chat(state, cause, now)
    if turn is None:
        return told
    key = "invite-blocked" if own_choice else "invite-failed"
    values = {"steward": state.house.steward}
    return told + turn.answer(notice(Text(key, values), group=group.charter.name))


def device_trusted(state: State, event: DeviceTrusted, cause: CauseId, now: datetime) -> Outcome:
    """Go on where somebody waited for their first cross-signed device."""
    turn = in_chat(state, cause, now)
    if turn is None or turn.user != event.user:
        return NOTHING
    waiting = [a for a in turn.applications() if a.step == 0 and now < a.expires]
    if not waiting:
        return NOTHING
    return ask(turn, replace(waiting[-1], step=1))


def expired(state: State, event: ApplicationExpired, now: datetime) -> Outcome:
    """Look again, and forget the application without a word."""
    for application in state.applications:
        if (application.user, application.group) != (event.user, event.group):
            continue
        if now < application.expires:
            return NOTHING
        person, gone = state.person, abandoned(state, application)
        if person is None:
            return gone
        return gone + Outcome(puts=(not_asked(person, event.group),))
    return NOTHING
