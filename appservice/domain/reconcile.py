"""The reconciler: rooms as the homeserver tells them against the records we hold."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appservice.domain import applicant_watch, grace, readers
from appservice.domain.conduct import bans
from appservice.domain.effects import Remove, TellOperator
from appservice.domain.events import GroupInspected
from appservice.domain.group import Group
from appservice.domain.group_life import upgraded
from appservice.domain.membership import current, may_be_in, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.repairs import repaired
from appservice.domain.roles import looking
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import CauseId, RoomId, RoomKind, Text, UserId

KEEPER_NEVER = frozenset({RoomKind.CIRCLE, RoomKind.CONTACT})
PRESENT = frozenset({"join", "invite", "knock"})
DAY = timedelta(days=1)
AT_LEAST, SHARE = 2, 10  # removals a day unasked: two people, or a tenth of the group


@dataclass(frozen=True)
class _Finding:
    """Somebody in rooms where no consent lets them be."""

    user: UserId
    rooms: tuple[RoomId, ...]
    asked: bool  # they withdrew, or the time they were given is over: it is no surprise


@dataclass(frozen=True)
class _Look:
    """One look at a group: what is known of it, and when."""

    state: State
    group: Group
    cause: CauseId
    now: datetime


def inspected(state: State, event: GroupInspected, cause: CauseId, now: datetime) -> Outcome:
    """Take out who has no consent, mend what was changed, and report what was done."""
    group = state.groups.get(event.group)
    if group is None or group.stage == "closed":
        return NOTHING
    before = group
    stepped = NOTHING
    if group.session is None:
        group, stepped = looking.inspected(state, group, event, cause, now)
    group, upgrades = upgraded.noticed(state, group, event)
    group, banned = bans.noticed(state, group, event, now)
    state = replace(state, groups={**state.groups, group.id: group})
    ours = stepped + upgrades + banned
    ours += _own_users(state, event) + _without_role(state, group, event)
    people = _people(_Look(state, group, cause, now), event)
    ours += readers.inspected(state, event)
    if group.charter == before.charter:  # else powers are being set, and it is nobody's fault
        people += repaired(state, group, event)
    kept = next((put for put in reversed(people.puts) if isinstance(put, Group)), group)
    return ours + people + _gone(state, group, event) + applicant_watch.place_free(state, kept)


def budget(members: int, used: int) -> int:
    """Return how many more people a machine may remove today without being asked."""
    return max(0, max(AT_LEAST, members // SHARE) - used)


def _own_users(state: State, event: GroupInspected) -> Outcome:
    """Take the keeper out of where it must never be, at once."""
    keeper = state.house.keeper
    rooms = tuple(
        facts.room
        for facts in event.rooms
        if facts.what in KEEPER_NEVER and facts.members.get(keeper) in PRESENT
    )
    if not rooms:
        return NOTHING
    told = TellOperator(Text("operator-keeper-in-circle"), {"group": event.group})
    return Outcome(effects=(Remove(keeper, rooms), told))


def _without_role(state: State, group: Group, event: GroupInspected) -> Outcome:
    """Take members out of rooms that are for some of them only; they stay in the group.

    So too whom a care case names: a case is talked about there. No other room is closed to them.
    """
    if state.restored:
        return NOTHING
    some = {*group.side, group.rooms.get(RoomKind.FACILITATORS)}
    out = Outcome()
    for user, rooms in _strangers(state, group, event).items():
        stays = state.consent(user, group.id) is not None or state.cared_for(user) is not None
        theirs = tuple(room for room in rooms if room in some)
        if stays and theirs:
            out += Outcome(effects=(Remove(user, theirs),))
    return out


def _people(look: _Look, event: GroupInspected) -> Outcome:
    state, group, now = look.state, look.group, look.now
    findings = _findings(state, group, event, now)
    recent = tuple(moment for moment in group.removals if now - moment < DAY)
    asked = [] if state.restored else [f for f in findings if f.asked]
    rest = [f for f in findings if f not in asked]
    left = 0 if state.restored else budget(len(current(state.consents, group)), len(recent))
    removed, spared = rest[:left], rest[left:]
    if group.session is not None:  # no gate leads into it, so time would help nobody
        removed, spared = [] if state.restored else rest, []
    out = Outcome(effects=tuple(Remove(f.user, f.rooms) for f in (*asked, *removed)))
    if removed:
        counted = replace(group, removals=(*recent, *(now for _ in removed)))
        out += Outcome(puts=(counted,))
    for finding in removed:
        out += _tell(look, finding.user, "removed-without-consent")
    for finding in spared:
        out += grace.granted(finding.user, group, now)
        out += _tell(look, finding.user, "grace-given")
    return out + _report(state, group, len(removed), len(spared))


def _findings(state: State, group: Group, event: GroupInspected, now: datetime) -> list[_Finding]:
    graces = {g.user: g for g in state.graces if g.group == group.id}
    withdrew = {c.user for c in state.consents if c.group == group.id and c.withdrawn is not None}
    found = []
    for user, rooms in sorted(_strangers(state, group, event).items()):
        given = graces.get(user)
        if state.consent(user, group.id) is not None or (given and now < given.until):
            continue
        if state.cared_for(user) is not None:
            continue
        found.append(_Finding(user, rooms, asked=user in withdrew or given is not None))
    return found


def _strangers(
    state: State, group: Group, event: GroupInspected
) -> dict[UserId, tuple[RoomId, ...]]:
    """Return who is present, or invited by whomever, in which rooms that are not theirs."""
    strangers: dict[UserId, tuple[RoomId, ...]] = {}
    house = state.house
    for facts in event.rooms:
        for user, membership in facts.members.items():
            if membership not in PRESENT or user in (house.steward, house.keeper):
                continue
            side = group.side.get(facts.room)
            if side is not None and user in side.users:
                continue
            if side or not may_be_in(facts.what, group, state.consent(user, group.id)):
                strangers[user] = (*strangers.get(user, ()), facts.room)
    return strangers


def _tell(look: _Look, user: UserId, key: str) -> Outcome:
    state, group = look.state, look.group
    person = state.people.get(user)
    if person is None or person.chat is None:
        return NOTHING
    language = person.language or group.charter.language
    turn = Turn(state, person.chat, person, language, look.cause, look.now)
    values: dict[str, str | int | Text | tuple[Text, ...]] = {
        "group": group.charter.name,
        "days": grace.LASTS.days,
    }
    return turn.answer(notice(Text(key, values), group=group.charter.name))


def _report(state: State, group: Group, removed: int, spared: int) -> Outcome:
    if not removed and not spared:
        return NOTHING
    facts = {"group": group.id, "removed": str(removed), "given time": str(spared)}
    told = Outcome(effects=(TellOperator(Text("operator-reconciled"), facts),))
    places = places_of_facilitators(state, group)
    if removed:
        told += notices(places, group, Text("reconciled-removed", {"count": removed}))
    if spared:
        values: dict[str, str | int | Text | tuple[Text, ...]] = {
            "count": spared,
            "days": grace.LASTS.days,
        }
        told += notices(places, group, Text("reconciled-spared", values))
    return told


def _gone(state: State, group: Group, event: GroupInspected) -> Outcome:
    """Forget the grace of whoever is in no room any more."""
    here = {user for facts in event.rooms for user, how in facts.members.items() if how in PRESENT}
    gone = Outcome()
    if {facts.room for facts in event.rooms} >= set(group.rooms.values()):
        for given in state.graces:
            if given.group == group.id and given.user not in here:
                gone += grace.over(given)
    return gone
