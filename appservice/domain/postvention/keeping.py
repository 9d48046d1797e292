"""What is kept once somebody has died, and what counts on them no more; ending it restores all.

Their place in the rooms and what they wrote are let be. Nothing tells their name but the group's
record, which only its facilitators are told of.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.agenda.topics import Topics
from appservice.domain.buddies.buddy import Buddies
from appservice.domain.buddies.matching import kept as kept_buddies
from appservice.domain.buddies.matching import without
from appservice.domain.floor.floor import Floor
from appservice.domain.group import Group, Postvention
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Care, Record
from appservice.domain.state import State
from appservice.domain.times.search import TimeSearch
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, UserId
from appservice.domain.unnamed import unnamed

DAY = timedelta(days=1)
FIRST_REST = timedelta(days=8)  # of posts: a day more than the look at which they are asked about
_SHARED = (Progress, Topics, Floor, TimeSearch)  # where members are counted with what they said


def of(group: Group, user: UserId) -> Postvention | None:
    """Return what is kept of somebody's death, if it was told."""
    return next((one for one in group.postventions if one.user == user), None)


def changed(group: Group, one: Postvention) -> Group:
    """Return the group with this in the place of what was kept before."""
    every = (one if other.user == one.user else other for other in group.postventions)
    return replace(group, postventions=tuple(every))


def begun(turn: Turn, group: Group, user: UserId) -> tuple[Group, Outcome]:
    """Keep it at once, and take them out of everything that counts on them."""
    new = Postvention(user, turn.user, turn.now)
    team = replace(group.team, offers=tuple(o for o in group.team.offers if o.user != user))
    rest = max(group.posts_rest or turn.now, turn.now + FIRST_REST)
    after = replace(group, team=team, postventions=(*group.postventions, new), posts_rest=rest)
    out = Outcome(puts=(after,)) + _marked(turn.state, user, group.id, turn.now)
    return after, out + _uncounted(turn.state, user, group, turn.now)


def ended(state: State, group: Group, user: UserId) -> tuple[Group, Outcome]:
    """Let everything be as before: it was a mistake, or they are no member any more."""
    if of(group, user) is None:
        return group, NOTHING
    left = tuple(one for one in group.postventions if one.user != user)
    after = replace(group, postventions=left, posts_rest=group.posts_rest if left else None)
    return after, Outcome(puts=(after,)) + unmarked(state, user, group.id)


def known(state: State, outcome: Outcome) -> State:
    """Return what is known of who has died once the outcome is kept."""
    cares = {care.user: care for care in state.cares}
    cares |= {put.user: put for put in outcome.puts if isinstance(put, Care)}
    return replace(state, cares=tuple(cares.values()))


def unmarked(state: State, user: UserId, group: GroupId) -> Outcome:
    """Forget that a group knows of somebody's death."""
    care = state.cared_for(user)
    if care is None or group not in care.mourned:
        return NOTHING
    left = replace(care, mourned=tuple(one for one in care.mourned if one != group))
    return Outcome(puts=(left,)) if left.mourned or left.cases else Outcome(drops=(care,))


def _marked(state: State, user: UserId, group: GroupId, now: datetime) -> Outcome:
    care = state.cared_for(user) or Care(user, now)
    return Outcome(puts=(replace(care, mourned=(*care.mourned, group)),))


def _uncounted(state: State, user: UserId, group: Group, now: datetime) -> Outcome:
    out = NOTHING
    for record in state.all_rhythm():
        if record.indexed[1] != group.id:
            continue
        if isinstance(record, Buddies):
            out += _alone(record, user, now)
        elif (after := _without(record, user)) != record:
            out += Outcome(puts=(after,))
    return out


def _without(record: Record, user: UserId) -> Record:
    if isinstance(record, Meeting) and record.host == user:
        return replace(record, host=None)
    return unnamed(record, user) if isinstance(record, _SHARED) else record


def _alone(buddies: Buddies, user: UserId, now: datetime) -> Outcome:
    """End both sides of each pair in silence: nobody hears that a fortnight with them is over."""
    after = without(buddies, user)
    halves = {
        other: left
        for other, own in after.halves.items()
        if (left := tuple(half for half in own if half.other != user))
    }
    after = replace(after, halves=halves)
    return NOTHING if after == buddies else kept_buddies(after, now)
