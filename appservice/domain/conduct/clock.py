"""What is due about conduct in a group: one thing at a time, and a look before each.

One timer belongs to each group. It says no more than that it is time to look; so nothing is done
twice or left out after a restart, days of downtime, or a clock that has jumped.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from appservice.domain.conduct import acting, appeals, bans, doors, hush, lapsing, pauses
from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter

_Step = Callable[[Turn, Group], Outcome | None]
_Moments = Callable[[Turn, Group], Iterable[datetime]]
_PARTS: tuple[tuple[_Step, _Moments], ...] = (
    (hush.step, hush.moments),
    (pauses.step, pauses.moments),
    (acting.step, acting.moments),
    (bans.step, bans.moments),
    (appeals.step, appeals.moments),
    (lapsing.step, lapsing.moments),
    (doors.step, doors.moments),
)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Do the first thing that is due and look again at once; else set the timer."""
    if group.stage == "closed":
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    for step, _ in _PARTS:
        if (done := step(here, group)) is not None:
            return done + waking(group.id, Matter.CONDUCT, now)
    ahead = [at for _, moments in _PARTS for at in moments(here, group) if at > now]
    if not ahead:
        return resting(group.id, Matter.CONDUCT)
    return waking(group.id, Matter.CONDUCT, min(ahead))
