"""Climbs the ladder of a case that waits: one rung after the other, until somebody takes it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from appservice.domain.cases import alerts
from appservice.domain.cases.asking import asked_on, is_for_those_off
from appservice.domain.cases.case import Case, Noted, Stage
from appservice.domain.cases.rungs import Rung, Whom, is_at_once, is_red, ladder, name
from appservice.domain.cases.steps import At, Step, Taken
from appservice.domain.duty.staffed import after_hours, staffed_from
from appservice.domain.duty.who import is_off_in
from appservice.domain.group import Group
from appservice.domain.types import UserId

LATE = timedelta(minutes=2)  # after which we say that a rung was missed, and since when

_WHO_MAY_BE_OFF = (Whom.ALL, Whom.EVERYBODY, Whom.LEAD)


def steps(at: At) -> Iterable[Step]:
    """Yield the next rung, where a case waits; one that reached nobody has its next one at once.

    Rungs carry the number of the wait: a case that is released climbs anew. Whoever is off is not
    asked on a rung that is climbed before its time, and so once more when that comes.
    """
    case = at.case
    if case.stage is not Stage.RECEIVED or not case.is_open or at.group.stage == "closed":
        return
    rungs = ladder(at.group, case)
    index = _reached(case, rungs)
    if is_red(at.group, case):
        for rung in (one for one in rungs[:index] if one.whom in _WHO_MAY_BE_OFF):
            yield Step(_of_off(case, rung), case.since + rung.after, partial(_asked_later, rung))
    if index == len(rungs):
        return
    when = due(at.group, case, rungs[index])
    if index and name(case, rungs[index - 1]) in case.missed:
        when = min(when, at.here.now)
    yield Step(name(case, rungs[index]), when, partial(_climbed, index))


def due(group: Group, case: Case, rung: Rung) -> datetime:
    """Return when a rung is due, by the group's hours where those count."""
    if is_at_once(group, case):
        return case.since + rung.after
    first = staffed_from(group, case.since)
    return after_hours(group, first, rung.after) if rung.after else first


def _climbed(index: int, at: At) -> Taken:
    """Ask whoever stands on a rung; those missed in downtime count as one, empty ones as none."""
    case, now, rungs = at.case, at.here.now, ladder(at.group, at.case)
    late = max((due(at.group, case, rungs[index]), *(noted.at for noted in case.log[-1:])))
    last = index
    while last + 1 < len(rungs) and due(at.group, case, rungs[last + 1]) <= now:
        last += 1
    users = _reachable(at, rungs[index : last + 1])
    while not users and rungs[last].whom is not Whom.OPERATOR:
        last += 1
        users = _reachable(at, rungs[index : last + 1])
    taken = rungs[index : last + 1]
    names = tuple(name(case, rung) for rung in taken)
    with_off = tuple(_of_off(case, rung) for rung in taken if _is_for_those_off(at, rung))
    noted = tuple(Noted(f"ladder {rung.name}", now) for rung in taken)
    done = tuple(dict.fromkeys((*case.done, *with_off, *names)))
    climbed = replace(case, done=done, log=(*case.log, *noted))
    alarm = alerts.Alarm(
        step=names[-1],
        users=users,
        is_first=index == 0,
        since=late if now - late >= LATE else None,
        to_operator=taken[-1].whom is Whom.OPERATOR,
    )
    return Taken(climbed, alerts.said(at._replace(case=climbed), alarm))


def _asked_later(rung: Rung, at: At) -> Taken:
    """Ask whoever was left out of a rung since they were off, and still are."""
    state, now = at.here.state, at.here.now
    users = tuple(user for user in _reachable(at, (rung,)) if is_off_in(state, user, now))
    step = _of_off(at.case, rung)
    alarm = alerts.Alarm(step, users, is_first=False, since=None, to_operator=False)
    return Taken(at.case, alerts.said(at, alarm))


def _of_off(case: Case, rung: Rung) -> str:
    return f"off {name(case, rung)}"


def _is_for_those_off(at: At, rung: Rung) -> bool:
    return is_for_those_off(at.here.state, at.group, at.case, rung, at.here.now)


def _reachable(at: At, rungs: Sequence[Rung]) -> tuple[UserId, ...]:
    users = asked_on(at.here.state, at.group, at.case, rungs, at.here.now)
    return tuple(user for user in users if alerts.reaches(at, user))


def _reached(case: Case, rungs: Sequence[Rung]) -> int:
    """Return the index of the first rung above all that were climbed."""
    done = [index for index, rung in enumerate(rungs) if name(case, rung) in case.done]
    return max(done, default=-1) + 1
