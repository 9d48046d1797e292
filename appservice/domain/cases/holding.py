"""Lets go of a case whose owner is gone or has done nothing about it: others are asked again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.cases.case import Case, Level, Stage, Track
from appservice.domain.cases.log import noted
from appservice.domain.cases.seeing import may_see, places
from appservice.domain.cases.steps import At, Step, Taken
from appservice.domain.cases.table import Act, By, moved
from appservice.domain.duty.who import is_away
from appservice.domain.outcome import NOTHING
from appservice.domain.roles.telling import in_private
from appservice.domain.telling import notices
from appservice.domain.turn import Reply
from appservice.domain.types import Text

_LEVELS = {
    Level.RED: timedelta(minutes=10),
    Level.AMBER: timedelta(hours=4),
    Level.GREEN: timedelta(hours=24),
}
_CONDUCT = timedelta(hours=72)


def steps(at: At) -> Iterable[Step]:
    """Yield the release of a case whose owner is gone, or was not heard of since they took it."""
    case = at.case
    for user in (case.owner, case.second):
        if case.is_open and user is not None and not may_see(at.here.state, at.group, case, user):
            before_all = min(case.opened, at.here.now)  # they hear no more of it
            yield Step(f"gone {case.waits} {len(case.done)}", before_all, _gone)
            return
    if case.stage is not Stage.CLAIMED or case.owner is None or case.acted is None:
        return
    name = f"hold {case.waits} {int(case.acted.timestamp())}"
    yield Step(name, case.acted + patience(case), _released)


def _gone(at: At) -> Taken:
    """Let go of whoever may not see it any more, and tell the others that it waits again."""
    here, group, case = at
    owner, second = case.owner, case.second
    if second is not None and not may_see(here.state, group, case, second):
        case = replace(case, second=None)
    if owner is None or may_see(here.state, group, case, owner):
        return Taken(case, NOTHING)
    stage = moved(case.stage, Act.RELEASE, By.CLOCK) or case.stage
    case = waiting_again(
        replace(noted(case, "released_by_leaving", here.now), stage=stage), here.now
    )
    line = Text("case-owner-gone", {"number": case.number, "user": owner})
    told = notices(places(here.state, group, case), group, line, kind="case_note")
    return Taken(case, told)


def patience(case: Case) -> timedelta:
    """Return how long somebody may have it before they do something."""
    if case.track is Track.CONDUCT:
        return _CONDUCT
    return _LEVELS[case.level or Level.AMBER]


def _released(at: At) -> Taken:
    here, group, case = at
    stage, owner = moved(case.stage, Act.RELEASE, By.CLOCK), case.owner
    if stage is None or owner is None:
        return Taken(case, NOTHING)
    line = Text("case-released-by-clock", {"number": case.number})
    reply = Reply("case_note", (line,), group=group.charter.name, case=case.name)
    person = here.state.people.get(owner)
    is_gone = person is not None and is_away(person, here.now)  # nothing is to reach them
    told = NOTHING if is_gone else in_private(here, group, owner, reply)
    after = replace(noted(case, "released_by_clock", here.now), stage=stage)
    return Taken(waiting_again(after, here.now), told)


def waiting_again(case: Case, now: datetime) -> Case:
    """Return a case that waits anew, since nobody has it any more; a second person stays."""
    return replace(
        case,
        owner=None,
        wanted=None,
        waits=case.waits + 1,
        since=now,
        acted=None,
        missed=(),
    )
