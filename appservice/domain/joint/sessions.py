"""Looks after a session of two groups: asks, makes its room, and ends it on time."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import MakeRoom, SetPowers
from appservice.domain.group import Group, Session
from appservice.domain.group_life.timers import waking
from appservice.domain.group_life.words import in_one_notice, to_facilitators
from appservice.domain.joint.asking import prompt
from appservice.domain.joint.ending import over
from appservice.domain.joint.inside import taken_out, who_must_go
from appservice.domain.joint.merging import facilitators_of, merged
from appservice.domain.joint.times import closes, lapses
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import soon
from appservice.domain.prompts import calm_at, is_calm
from appservice.domain.state import State
from appservice.domain.sweeping import lifetime_set
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, Moment, RoomKind, Text, Values

_HALVES = ("open", "closing")  # stages in which a group can take part


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look again at a session, whatever the timer was set for."""
    about = group.session
    if about is None:
        return NOTHING
    if group.stage == "closed":
        return _forgotten(state, group, now)
    here = nowhere(state, cause, now, group.charter.language)
    known = [state.groups.get(id_) for id_ in about.of]
    halves = [half for half in known if half is not None]
    if group.stage == "asked":
        return _asked(here, group, about, halves)
    gone = len(halves) < len(about.of) or any(half.stage not in _HALVES for half in halves)
    if about.off or gone or now >= closes(about):
        return over(here, group, about, halves)
    return _on(here, group, about, (halves[0], halves[1]))


def _asked(here: Turn, group: Group, about: Session, halves: list[Group]) -> Outcome:
    """Ask the facilitators of the other group, and wait for their word."""
    until = lapses(group, about)
    gone = halves[0].id != about.of[0] or halves[0].stage not in _HALVES if halves else True
    if about.off or gone or here.now >= until:
        return over(here, group, about, halves)
    again = waking(group.id, Matter.JOINT, until)
    asked = [half for half in halves if half.id != about.of[0] and group.id in half.joint]
    if about.told or not asked:
        return again
    kept = replace(group, session=replace(about, told=True))
    values: Values = {
        "group": halves[0].charter.name,
        "own": asked[0].charter.name,
        "when": Moment(about.starts, asked[0].charter.zone),
        "until": Moment(until, asked[0].charter.zone),
    }
    lines = (Text("joint-wish", values), Text("joint-wish-how", values))
    return Outcome(puts=(kept,)) + again + to_facilitators(here, asked[0], *lines)


def _on(here: Turn, group: Group, about: Session, halves: tuple[Group, Group]) -> Outcome:
    """Have the room made and members asked; take out whoever has lost their place."""
    before = group
    group, out = taken_out(here, group, who_must_go(here.state, group))
    named = facilitators_of(halves[0].charter, halves[1].charter)
    if group.charter.facilitators != named:
        group = replace(group, charter=replace(group.charter, facilitators=named))
        out += Outcome(effects=tuple(SetPowers(group.id, what) for what in group.rooms))
    if not about.made:
        about = replace(about, made=True)
        group = replace(group, charter=merged(halves[0].charter, halves[1].charter))
        make = MakeRoom(group.id, RoomKind.CIRCLE, group.charter)
        out += Outcome(effects=(make,)) + lifetime_set(group, here.now)
        out += _told(here, about, halves)
    out += waking(group.id, Matter.JOINT, closes(about))
    if not about.invited:
        calm = [calm_at(half, here.now) for half in halves if not is_calm(half, here.now)]
        if calm:
            out += waking(group.id, Matter.JOINT, min(max(calm), closes(about)))
        else:
            about = replace(about, invited=True)
            out += _invited(here, group, about, halves)
    group = replace(group, session=about)
    return out if group == before else out + Outcome(puts=(group,))


def _invited(here: Turn, group: Group, about: Session, halves: tuple[Group, Group]) -> Outcome:
    """Ask each member of both groups once, in private."""
    out, seen = NOTHING, set()
    for half in halves:
        if half.rooms.get(RoomKind.NOTICEBOARD):
            out += in_one_notice(here, half, Text("joint-board", _values(about, half, halves)))
        for consent in current(here.state.consents, half):
            if consent.user not in seen and consent.admitted and not consent.pauses:
                seen.add(consent.user)
                event = prompt(consent.user, half.id, group.id)
                out += soon(event, here.now)
    return out


def _told(here: Turn, about: Session, halves: tuple[Group, Group]) -> Outcome:
    out = NOTHING
    for half in halves:
        values = _values(about, half, halves)
        lines = (Text("joint-agreed", values), Text("joint-card", values))
        out += to_facilitators(here, half, *lines)
    return out


def _values(about: Session, half: Group, halves: tuple[Group, Group]) -> Values:
    other = halves[1] if half == halves[0] else halves[0]
    return {
        "group": half.charter.name,
        "other": other.charter.name,
        "when": Moment(about.starts, half.charter.zone),
        "closes": Moment(closes(about), half.charter.zone),
    }


def _forgotten(state: State, group: Group, now: datetime) -> Outcome:
    """Let go of what was left for comparing receipts, once every consent to it has gone."""
    if any(consent.group == group.id for consent in state.consents):
        return waking(group.id, Matter.JOINT, now + timedelta(days=1))
    return Outcome(drops=(group,))
