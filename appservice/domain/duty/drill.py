"""Test pages: they reach facilitators and the lead only, and show how fast each rung answers."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.cases.alerts import unheard
from appservice.domain.duty.rota import Probe
from appservice.domain.duty.who import available, is_off_in, on_duty
from appservice.domain.effects import Page
from appservice.domain.events import PageFailed
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.roles.telling import chat_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import Text, UserId, Values, verbatim

TOPIC = "drill"
STEP = "drill"
"""The step that a test page names: it is one of no case."""
NO_CASE = 0
APART = timedelta(minutes=5)
_HERE = (Choice("here", Text("choice-here"), verbatim("1")),)


def sent(turn: Turn, group: Group) -> Outcome:
    """Send a test page to each who could be asked about a case now, by each of their ways.

    Not twice in a short while: people stop to look where they are called for nothing.
    """
    if any(timedelta(0) <= turn.now - one.sent < APART for one in group.tested):
        refused = Reply("refusal", (Text("drill-soon"),), group=group.charter.name)
        return turn.answer(refused)
    users = [u for u in _people(turn.state, group, turn.now) if chat_of(turn, group, u)]
    known = {one.user: one.known for one in group.tested}
    others = tuple(one for one in group.tested if one.user not in users)
    new = tuple(Probe(user, turn.now, known=known.get(user)) for user in users)
    after = replace(group, tested=(*others, *new))
    out = Outcome(puts=(after,)) + turn.answer(_said(group, Text("drill-sent")))
    for user in users:
        out += _paged(turn, group, user)
    return out


def answered(turn: Turn, question: Asked, _: str) -> Outcome:
    """Keep when somebody answered the newest test page, and show what is known by now."""
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, question.group))
    done = replace(turn, person=person)
    group = turn.groups.get(question.group) if question.group is not None else None
    test = _of(group, turn.user) if group is not None else None
    if group is None or test is None or test.answered is not None:
        return done.silence()
    now = replace(test, answered=turn.now, known=turn.now)
    tested = tuple(now if one.user == turn.user else one for one in group.tested)
    after = replace(group, tested=tested)
    own = Text("drill-answered", {"seconds": _seconds(now) or 0})
    places = places_of_facilitators(turn.state, group, but=turn.user)
    told = notices(places, group, results(turn.state, after, turn.now), kind="drill")
    return Outcome(puts=(after,)) + done.answer(_said(group, own)) + told


def results(state: State, group: Group, now: datetime) -> Text:
    """Say for each rung after how many seconds the first of it has answered the newest test."""
    lead = () if group.charter.lead is None else (group.charter.lead,)
    rungs = {
        "rung-on_duty": on_duty(state, group, now),
        "rung-all": available(state, group, now),
        "rung-lead": lead,
    }
    lines = (_rung(group, Text(name), users) for name, users in rungs.items())
    return Text("card", {"lines": (Text("drill-title"), *lines)})


def failed(state: State, event: PageFailed) -> Outcome:
    """Tell facilitators that a test page did not arrive; a real one would not either."""
    group = state.groups.get(event.group)
    if group is None:
        return NOTHING
    line = Text("drill-failed", {"user": event.user})
    return notices(places_of_facilitators(state, group), group, line, kind="drill")


def _paged(turn: Turn, group: Group, user: UserId) -> Outcome:
    there = chat_of(turn, group, user)
    if there is None:
        return NOTHING
    ask = Ask(TOPIC, group.id)
    page = replace(_said(group, Text("drill-page")), choices=_HERE, ask=ask)
    failed_ = PageFailed(group.id, NO_CASE, user, STEP)
    pages = tuple(
        Page(user, way, address, group.id, NO_CASE, STEP, there.language, drill=True)
        for way, address in there.person.pages
    )
    return unheard(there.answer(page), failed_) + Outcome(effects=pages)


def _people(state: State, group: Group, now: datetime) -> tuple[UserId, ...]:
    lead = group.charter.lead
    also = () if lead is None or is_off_in(state, lead, now) else (lead,)
    return tuple(dict.fromkeys((*available(state, group, now), *also)))


def _rung(group: Group, rung: Text, users: tuple[UserId, ...]) -> Text:
    found = [_seconds(test) for test in (_of(group, user) for user in users) if test]
    times = [seconds for seconds in found if seconds is not None]
    values: Values = {"rung": rung}
    if not times:
        return Text("drill-rung-open" if users else "drill-rung-empty", values)
    return Text("drill-rung", {**values, "seconds": min(times)})


def _of(group: Group, user: UserId) -> Probe | None:
    return next((one for one in group.tested if one.user == user), None)


def _seconds(test: Probe) -> int | None:
    if test.answered is None:
        return None
    return max(0, round((test.answered - test.sent).total_seconds()))


def _said(group: Group, line: Text) -> Reply:
    return Reply("drill", (line,), group=group.charter.name)
