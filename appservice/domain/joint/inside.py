"""Whoever is no member of their group any more, or is paused there, is in none of its sessions.

It follows from the change itself, whatever has made it: a word, a clock, or an end.
"""

from collections.abc import Iterable
from datetime import datetime

from appservice.domain.departure import departed
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Consent
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, UserId


def followed(state: State, outcome: Outcome, cause: CauseId, now: datetime) -> Outcome:
    """Take people out at once where that is known, else let each session be looked at at once."""
    newest = {put.key: put for put in outcome.puts if isinstance(put, Consent)}
    out, looks = NOTHING, set[str]()
    for consent in newest.values():
        group = state.groups.get(consent.group)
        if group is None or group.session is not None or _is_inside(consent):
            continue
        out += _taken_out_of(state, newest, consent, cause, now)
        looks |= {*group.joint}
    for after in (put for put in outcome.puts if isinstance(put, Group)):
        before = state.groups.get(after.id)
        if before is not None and _concerns_sessions(before, after):
            looks |= {*before.joint}
    for session in sorted(looks):
        known = next((id_ for id_ in state.groups if id_ == session), None)
        out += waking(known, Matter.JOINT, now) if known is not None else NOTHING
    return out


def who_must_go(state: State, session: Group) -> tuple[UserId, ...]:
    """Return who is in a session by consent, and in neither of its groups as one not paused."""
    ids = session.session.of if session.session is not None else ()
    groups = [state.groups[id_] for id_ in ids if id_ in state.groups]
    inside = {c.user for group in groups for c in current(state.consents, group) if not c.pauses}
    return tuple(c.user for c in current(state.consents, session) if c.user not in inside)


def taken_out(here: Turn, session: Group, users: Iterable[UserId]) -> tuple[Group, Outcome]:
    """End the consents of these to a session, and take them out of its room."""
    out = NOTHING
    for user in users:
        gone = departed(here, user, session)
        kept = (put for put in gone.puts if isinstance(put, Group) and put.id == session.id)
        session = next(kept, session)
        out += gone
    return session, out


def _taken_out_of(
    state: State, newest: dict[str, Consent], lost: Consent, cause: CauseId, now: datetime
) -> Outcome:
    """Take somebody out of the sessions of the group where they have just lost their place."""
    if state.rhythm is None:
        return NOTHING
    here, out = nowhere(state, cause, now), NOTHING
    for consent in state.consents:
        session = state.groups.get(consent.group)
        about = session.session if session is not None else None
        ends_now = consent.user == lost.user and consent.withdrawn is None
        done = newest.get(consent.key, consent).withdrawn is not None
        if session is None or about is None or not ends_now or done:
            continue
        if lost.group in about.of:
            out += taken_out(here, session, (lost.user,))[1]
    return out


def _is_inside(consent: Consent) -> bool:
    return consent.withdrawn is None and not consent.pauses


def _concerns_sessions(before: Group, after: Group) -> bool:
    """Say whether a session must know of it: who facilitates, or that the group is not open."""
    return (before.stage, before.charter.facilitators) != (after.stage, after.charter.facilitators)
