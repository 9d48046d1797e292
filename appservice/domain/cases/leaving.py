"""Whoever is a facilitator no longer has no case and no room of one: others are asked again."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.cases import side_rooms
from appservice.domain.cases.case import Case
from appservice.domain.cases.clock import timer
from appservice.domain.cases.seeing import may_see
from appservice.domain.effects import Remove, Wake
from appservice.domain.events import CaseDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.postvention.keeping import known
from appservice.domain.records import Care, Consent
from appservice.domain.state import State
from appservice.domain.types import UserId


def followed(state: State, outcome: Outcome, now: datetime) -> Outcome:
    """Take those out of the rooms of cases who may see them no longer, and have theirs looked at.

    Who is asked instead is decided where all of the group is known: `holding.steps`.
    """
    gone = _gone(state, outcome)
    if not gone or not state.cases:
        return NOTHING
    after, out = _after(state, outcome), NOTHING
    for case in state.cases:
        group = after.groups.get(case.group)
        if group is None or group.stage == "closed":
            continue
        lost = {user for user in gone if not may_see(after, group, case, user)}
        out += _out_of_rooms(group, case, lost)
        if case.is_open and lost & {case.owner, case.second}:
            due = CaseDue(group.id, case.number)
            out += Outcome(effects=(Wake(timer(group.id, case.number), now, due),))
    return out


def _out_of_rooms(group: Group, case: Case, lost: set[UserId]) -> Outcome:
    """Take them out of the rooms of a case, save whoever is there as the member it is about."""
    out, lost = NOTHING, lost - {*case.named, case.reporter}
    for room, side in group.side.items():
        left = tuple(user for user in side.users if user not in lost)
        if side.number == case.number and left != side.users:
            out += side_rooms.convened(group, case, side.what, left, side.key)
            gone = (user for user in side.users if user in lost)
            out += Outcome(effects=tuple(Remove(user, (room,)) for user in gone))
    return out


def _gone(state: State, outcome: Outcome) -> set[UserId]:
    """Return whose consent has ended, whom a charter names no longer, and who has died."""
    found: set[UserId] = set()
    for put in outcome.puts:
        if isinstance(put, Consent) and put.withdrawn is not None:
            found.add(put.user)
        if isinstance(put, Care) and put.mourned:
            found.add(put.user)
        if isinstance(put, Group) and (before := state.groups.get(put.id)) is not None:
            found |= {*before.charter.named} - {*put.charter.named}
            found |= {*before.charter.facilitators} - {*put.charter.facilitators}
    return found


def _after(state: State, outcome: Outcome) -> State:
    """Return what is known after the outcome, as far as it tells who may see a case."""
    consents = {consent.key: consent for consent in state.consents}
    consents |= {put.key: put for put in outcome.puts if isinstance(put, Consent)}
    groups = {put.id: put for put in outcome.puts if isinstance(put, Group)}
    after = replace(state, consents=tuple(consents.values()), groups={**state.groups, **groups})
    return known(after, outcome)
