"""After two red cases in a week a facilitator is asked, once and in private, if they want rest.

Nobody learns that they were asked, nor what they answered; the lead is told only if they say so.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.cases.case import Case, Level
from appservice.domain.cases.steps import At, Step, Taken
from appservice.domain.duty.leaving import off
from appservice.domain.duty.who import is_off
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.membership import chats_of
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.prompt_timers import fitting, waking
from appservice.domain.prompts import counted, welcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import CauseId, Prompt, Text, UserId

TOPIC = "rest"
WEEK = timedelta(days=7)
LATER = timedelta(hours=1)  # after the close: the talk about it comes first
OFF = timedelta(days=3)
USEFUL_FOR = timedelta(days=3)
_CHOICES = (
    Choice("off", Text("choice-rest"), Text("choice-rest-reply")),
    Choice("tell", Text("choice-rest-tell"), Text("choice-rest-tell-reply")),
    Choice("no", Text("choice-rest-no"), Text("choice-no-reply")),
)


def steps(at: At) -> Iterable[Step]:
    """Look an hour after a red case was closed whether it was the second of somebody's week."""
    case = at.case
    if case.level is Level.RED and case.closed is not None:
        yield Step("rest", case.closed + LATER, _looked)


def _looked(at: At) -> Taken:
    """Have whoever had it asked, if it was the second of their week."""
    case, now = at.case, at.here.now
    out = NOTHING
    if case.closed is not None and now - case.closed <= USEFUL_FOR:
        others = [one for one in at.here.state.cases or () if one.number != case.number]
        for user in _who(case):
            if case.number in _second_of_a_week(user, (*others, case)):
                about = case.closed.isoformat()
                out += waking(PromptDue(user, at.group.id, Prompt.REST, about), now)
    return Taken(case, out)


def _who(case: Case) -> tuple[UserId, ...]:
    """Return who carried a case."""
    return tuple(dict.fromkeys(user for user in (case.owner, case.second) if user))


def _second_of_a_week(user: UserId, cases: Iterable[Case]) -> set[int]:
    """Return the red cases after which somebody is asked; each time counting begins anew."""
    over = sorted(
        (one.closed, one.number)
        for one in cases
        if one.level is Level.RED and one.closed is not None and user in _who(one)
    )
    found, recent = set(), list[datetime]()
    for closed_at, number in over:
        recent = [at for at in recent if closed_at - at < WEEK]
        if recent:
            found.add(number)
            recent = []
        else:
            recent = [closed_at]
    return found


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: they are on duty, awake, and want to be written to."""
    group = state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if group is None or turn is None or is_off(turn.person, now):
        return NOTHING
    if now - datetime.fromisoformat(event.about) > USEFUL_FOR:
        return NOTHING
    fits = fitting(turn, event, group, now, counts=False)  # it comes in a full week, too
    if isinstance(fits, Outcome):
        return fits
    lines = (Text("rest-offer"), Text("rest-private"))
    asking = Ask(TOPIC, group.id)
    name = group.charter.name
    turn = replace(turn, person=counted(turn.person, now))
    return turn.answer(Reply("duty", lines, choices=_CHOICES, ask=asking, group=name))


def answered(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Let them be off duty for three days, and tell the lead only if that is what they chose."""
    group = turn.groups.get(question.group) if question.group is not None else None
    asked = closed(turn.person.asked, TOPIC, question.group)
    done = replace(turn, person=replace(turn.person, asked=asked))
    if group is None or choice == "no":
        return done.answer(notice(Text("rest-not")))
    out = off(done, turn.now + OFF)
    return out + (_lead_told(turn, group) if choice == "tell" else NOTHING)


def _lead_told(turn: Turn, group: Group) -> Outcome:
    lead = group.charter.lead
    if lead is None or lead == turn.user:
        return NOTHING
    told = Text("rest-lead", {"user": turn.user, "group": group.charter.name})
    return notices(chats_of(turn.state, (lead,)), group, told, kind="duty")
