"""The end of a case: a talk about it, erasure in time, and what stays as codes and moments."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.cases import side_rooms
from appservice.domain.cases.case import Case, Concern, For, Level, Noted, Result, Stage, Track
from appservice.domain.cases.following import REVIEW
from appservice.domain.cases.log import noted
from appservice.domain.cases.steps import At, Step, Taken
from appservice.domain.cases.table import OVER, Act, By, moved
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.team_care import debrief
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text

DEBRIEF = timedelta(hours=1)  # after the close
KEPT_FOR = timedelta(days=730)  # what stays; counted from the erasure
_REVIEWED = "review"


def steps(at: At) -> Iterable[Step]:
    """Yield the word about a debrief, and the erasure."""
    case = at.case
    if case.closed is None or case.stage not in OVER:
        return
    if case.stage is Stage.CLOSED and case.track is Track.CARE and case.level is not Level.GREEN:
        yield Step("debrief", case.closed + DEBRIEF, _talk)
    yield Step("erase", case.closed + at.here.state.house.keep_cases, _erased)


def _talk(at: At) -> Taken:
    """Ask those who looked after it to talk it over; what they say is theirs."""
    here, group, case = at
    told = NOTHING
    for user, other in ((case.owner, case.second), (case.second, case.owner)):
        if user is None:
            continue
        line = Text("case-debrief", {"number": case.number})
        if other is not None:
            line = Text("case-debrief-with", {"number": case.number, "user": other})
        lines = (line, *debrief.questions())
        reply = Reply("case_note", lines, group=group.charter.name, case=case.name)
        told += in_private(here, group, user, reply)
    return Taken(case, told)


def _erased(at: At) -> Taken:
    stage = moved(at.case.stage, Act.ERASE, By.CLOCK) or at.case.stage
    return Taken(replace(noted(at.case, "erased", at.here.now), stage=stage), NOTHING)


def remembered(group: Group, case: Case, now: datetime) -> tuple[Concern, Outcome]:
    """Let go of a case and its rooms; what stays names nobody and tells nothing."""
    concern = Concern(
        group.id,
        case.number,
        case.track,
        opened=case.opened,
        closed=case.closed or now,
        erased=now,
        result=case.result or Result.LOOKED_AFTER,
        log=case.log,
        silent=_is_silent(group, case),
    )
    return concern, Outcome(puts=(concern,), drops=(case,)) + side_rooms.ended(group, case)


def _is_silent(group: Group, case: Case) -> bool:
    team = {*group.charter.facilitators, group.charter.lead}
    return case.visible is not For.FACILITATORS or bool(team & {*case.named})


def next_look(concern: Concern) -> datetime:
    """Return when there is something to do about what stays."""
    over = concern.erased + KEPT_FOR
    return over if _is_reviewed(concern) else min(over, concern.opened + REVIEW)


def looked_at(here: Turn, group: Group, concern: Concern) -> tuple[Concern | None, Outcome]:
    """Ask for a review three months after a red case began; forget all of it in the end."""
    if here.now >= concern.erased + KEPT_FOR:
        return None, Outcome(drops=(concern,))
    if _is_reviewed(concern) or here.now < concern.opened + REVIEW:
        return concern, NOTHING
    after = replace(concern, log=(*concern.log, Noted(_REVIEWED, here.now)))
    line = Text("case-review", {"number": concern.number})
    places = places_of_facilitators(here.state, group)
    told = notices(places, group, line, kind="case_note") if group.stage != "closed" else NOTHING
    return after, Outcome(puts=(after,)) + told


def _is_reviewed(concern: Concern) -> bool:
    """Say whether nothing of it is to be looked at any more: only what was red is.

    Nor what some of those in charge were not to know of: who they were is forgotten by then.
    """
    if concern.silent:
        return True
    codes = {line.code for line in concern.log}
    asked = {_REVIEWED, f"look {REVIEW // timedelta(hours=1)}"}
    return f"level {Level.RED.value}" not in codes or bool(codes & asked)
