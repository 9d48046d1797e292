"""A motion whose time has come: looked at once more, and then carried out, once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.conduct import doors, pauses, redacting
from appservice.domain.conduct.asking import second_asked
from appservice.domain.conduct.limits import leaves_out, needs_second, refusal
from appservice.domain.conduct.motion import DAY, REDACT, REDACT_ALL, Motion, Motions
from appservice.domain.conduct.names import what_of
from appservice.domain.conduct.records import motions_of, standing_of
from appservice.domain.conduct.saying import (
    back_to,
    statement,
    to_those_in_charge,
)
from appservice.domain.conduct.standing import Measure, Rung, alias
from appservice.domain.departure import departed
from appservice.domain.effects import Remove
from appservice.domain.group import Group
from appservice.domain.membership import facilitates, leads
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Consent
from appservice.domain.roles.telling import chat_of
from appservice.domain.turn import Turn
from appservice.domain.types import Text, Values


def step(here: Turn, group: Group) -> Outcome | None:
    """Let go of what is over, or carry out the first motion that is due."""
    motions = motions_of(here.state, group)
    for motion in motions.waiting:
        if motion.is_nameless or (motion.acts is None and here.now >= motion.lapses):
            return _let_go(here, group, motion)
    due = [one for one in motions.waiting if one.acts is not None and one.acts <= here.now]
    return _done(here, group, min(due, key=lambda one: one.number)) if due else None


def moments(here: Turn, group: Group) -> Iterable[datetime]:
    """Return when motions act, or are over."""
    return [one.acts or one.lapses for one in motions_of(here.state, group).waiting]


def _let_go(here: Turn, group: Group, motion: Motion) -> Outcome:
    out = Outcome(puts=(_without(here, group, motion),))
    if motion.is_nameless or motion.confirmed is None:
        return out
    return out + back_to(here, group, motion.room, Text("motion-over", _values(group, motion)))


def _done(here: Turn, group: Group, motion: Motion) -> Outcome:
    if (fault := _fault(here, group, motion)) is not None:
        void = Text("motion-void", _values(group, motion))
        let_go = Outcome(puts=(_without(here, group, motion),))
        return let_go + back_to(here, group, motion.room, void, fault)
    if motion.second is None and needs_second(here, group, motion):
        waits = replace(motion, acts=None, alone=False, confirmed=here.now)
        return Outcome(puts=(_with(here, group, waits),)) + second_asked(here, group, waits)
    kept = _without(here, group, motion)
    if motion.what == REDACT:
        return Outcome(puts=(kept,)) + redacting.one(group, motion)
    key = "motion-done" if chat_of(here, group, motion.user) else "motion-done-untold"
    done = Text(key, _values(group, motion))
    told = to_those_in_charge(here, group, done, room=motion.room)
    if motion.what == REDACT_ALL:
        return Outcome(puts=(kept,)) + redacting.many(here, group, motion) + told
    return _measured(here, group, motion, kept) + told


def _fault(here: Turn, group: Group, motion: Motion) -> Text | None:
    """Return what has come between the word and the deed."""
    if here.state.restored:
        return Text("motion-restored")
    if not (facilitates(motion.by, group) or leads(motion.by, group)):
        return Text("motion-not-yours")
    fault = refusal(here, group, motion.by, motion.user) if motion.user else None
    if fault is not None or motion.what in (REDACT, REDACT_ALL):
        return fault
    if here.state.consent(motion.user, group.id) is None:
        return Text("motion-gone", {"user": motion.user})
    crossed = standing_of(here.state, group, motion.user).newest != motion.known
    return Text("motion-crossed", {"user": motion.user}) if crossed else None


def _measured(here: Turn, group: Group, motion: Motion, kept: Motions) -> Outcome:
    """Take a step of the ladder: keep it, tell them, and do what it means."""
    measure, standing = _measure(here, group, motion), standing_of(here.state, group, motion.user)
    said = statement(here, group, motion.user, measure)
    consent = here.state.consent(motion.user, group.id)
    if consent is None:
        return NOTHING
    out = NOTHING
    if measure.rung is Rung.PAUSE:
        standing = pauses.without_old(standing, here.now)
        out = pauses.begun(here, group, consent)
    elif measure.rung is Rung.REMOVAL:
        standing = pauses.without_old(standing, here.now)
        recent = (at for at in kept.removals if here.now - at < DAY)
        others = tuple(one for one in kept.waiting if one.user != motion.user)
        kept = replace(kept, waiting=others, removals=(*recent, here.now))
        out = _removed(here, group, consent)
    standing = replace(standing, measures=(*standing.measures, measure))
    return said + out + Outcome(puts=(kept, standing))


def _removed(here: Turn, group: Group, consent: Consent) -> Outcome:
    """End the membership, and let codes open nothing to them any more."""
    user = consent.user
    closed = doors.closed(group, user, here.now)
    out = Outcome(puts=(closed,)) + departed(here, user, closed)
    rooms = tuple(room for room, side in group.side.items() if user in side.users)
    return out + (Outcome(effects=(Remove(user, rooms),)) if rooms else NOTHING)


def _measure(here: Turn, group: Group, motion: Motion) -> Measure:
    days = timedelta(days=motion.days)
    return Measure(
        number=motion.number,
        rung=Rung(motion.what),
        rule=motion.rule,
        at=here.now,
        by=alias(group.id, motion.by),
        second=alias(group.id, motion.second) if motion.second else "",
        skipped=leaves_out(here, group, motion),
        until=here.now + days if motion.what == Rung.PAUSE else None,
    )


def _without(here: Turn, group: Group, motion: Motion) -> Motions:
    motions = motions_of(here.state, group)
    rest = tuple(one for one in motions.waiting if one.number != motion.number)
    return replace(motions, waiting=rest)


def _with(here: Turn, group: Group, motion: Motion) -> Motions:
    motions = motions_of(here.state, group)
    waiting = tuple(motion if one.number == motion.number else one for one in motions.waiting)
    return replace(motions, waiting=waiting)


def _values(group: Group, motion: Motion) -> Values:
    return {
        "number": motion.number,
        "what": what_of(motion),
        "user": motion.user,
        "group": group.charter.name,
    }
