"""What becomes of cases when somebody is forgotten: they stay, without whoever wants to be."""

from collections.abc import Mapping
from dataclasses import replace

from appservice.domain.cases import side_rooms
from appservice.domain.cases.case import About, Case, Noted, Result, Stage
from appservice.domain.cases.clock import kept
from appservice.domain.cases.table import Act, By, moved
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.records import Care
from appservice.domain.telling import notices
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, Text, UserId
from appservice.domain.unnamed import unnamed


def forgotten(here: Turn, groups: Mapping[GroupId, Group], user: UserId) -> Outcome:
    """Take somebody out of every case, and forget that any named them.

    An open case that is about them alone, by their own word, closes; who looks after it is told.
    """
    out = NOTHING
    for case in here.state.cases or ():
        group = groups.get(case.group) or here.groups.get(case.group)
        if group is not None and unnamed(case, user) != case:
            out += _without(_after(here, out), group, case, user)
    care = here.state.cared_for(user)
    return NOTHING if out == NOTHING else _let_go(out, user, care)


def _after(here: Turn, out: Outcome) -> Turn:
    """Return a turn that knows what people were asked about the cases before."""
    people = {put.user: put for put in out.puts if isinstance(put, Person)}
    return replace(here, state=replace(here.state, people={**here.state.people, **people}))


def _without(here: Turn, group: Group, case: Case, user: UserId) -> Outcome:
    after = unnamed(case, user)
    if case.reporter == user:
        after = replace(after, reporter=None, excerpt=())
    after = replace(after, owner=None if case.owner == user else case.owner)
    after = replace(after, second=None if case.second == user else case.second)
    after = replace(after, wanted=case.wanted if after.wanted == case.wanted else None)
    if case.is_open and _is_about_them_alone(case, user):
        return _stopped(here, group, case, after)
    if case.owner == user and (back := moved(case.stage, Act.RELEASE, By.CLOCK)) is not None:
        log = (*after.log, Noted("released", here.now))
        after = replace(after, stage=back, waits=case.waits + 1, since=here.now, log=log)
    return kept(here, group, case, after)


def _is_about_them_alone(case: Case, user: UserId) -> bool:
    return case.about is About.ME and case.reporter == user and set(case.named) <= {user}


def _stopped(here: Turn, group: Group, case: Case, after: Case) -> Outcome:
    over = replace(
        after,
        stage=moved(case.stage, Act.CLOSE, By.MEMBER) or Stage.CLOSED,
        closed=here.now,
        result=Result.STOPPED,
        log=(*after.log, Noted("stopped", here.now)),
    )
    owners = chats_of(here.state, (case.owner,)) if case.owner is not None else ()
    places = owners or places_of_facilitators(here.state, group)
    line = Text("case-stopped", {"case": case.name})
    told = notices(places, group, line, kind="case_closed")
    return kept(here, group, case, over) + told + side_rooms.ended(group, over)


def _let_go(out: Outcome, user: UserId, care: Care | None) -> Outcome:
    """Drop what is kept of their care at once, whichever case changed it."""
    puts = tuple(put for put in out.puts if not (isinstance(put, Care) and put.user == user))
    drops = tuple(one for one in out.drops if not (isinstance(one, Care) and one.user == user))
    gone = (care,) if care is not None else ()
    return replace(out, puts=puts, drops=(*drops, *gone))
