"""An appeal in the private chat: three questions, answered in somebody's own words, and sent.

What they write is kept nowhere; where it stands is, until somebody has decided.
"""

from dataclasses import replace

from appservice.domain.application import EventIn
from appservice.domain.asked import closed, waiting
from appservice.domain.conduct.appeal import DECIDED_IN, OPEN_FOR, QUESTIONS, Appeal
from appservice.domain.conduct.names import RUNGS
from appservice.domain.conduct.saying import BINDING, day
from appservice.domain.conduct.standing import Measure, Standing
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import EventId, GroupId, Matter, Text, Values

TOPIC = "appeal"
ASKED = (Text("appeal-question-1"), Text("appeal-question-2"), Text("appeal-question-3"))
_STOP = Choice("stop", Text("choice-appeal-stop"), Text("choice-appeal-stop-reply"))


def begun(turn: Turn) -> Outcome:
    """Ask the first question about the newest decision, go on, or say what is awaited."""
    for appeal in _own(turn):
        if appeal.sent is None:
            return _ask(turn, turn.groups[appeal.group], appeal)
    found = _newest(turn)
    if found is not None:
        group, measure = found
        appeal = Appeal(turn.user, group.id, measure.number, turn.now)
        about: Values = {
            "what": RUNGS[measure.rung],
            "date": day(measure.at),
            "group": group.charter.name,
        }
        look = waking(group.id, Matter.CONDUCT, turn.now)
        return look + _ask(turn, group, appeal, Text("appeal-first", about))
    for appeal in _own(turn):
        name, due = turn.groups[appeal.group].charter.name, appeal.due
        line = Text("appeal-waits", {"number": appeal.number, "date": day(due or turn.now)})
        return turn.answer(Reply("appeal", (line,), group=name))
    return turn.answer(notice(Text("appeal-none")))


def is_worded(turn: Turn, asked: Asked | None) -> bool:
    """Say whether a text may be somebody's own words to a question of an appeal."""
    return asked is not None and _answering(turn, asked) is not None


def heard(turn: Turn, asked: Asked) -> Outcome | None:
    """Take an answer in somebody's own words; None if none is awaited."""
    appeal = _answering(turn, asked)
    if appeal is None:
        return None
    group = turn.groups[appeal.group]
    place = EventIn(turn.room, EventId(turn.event))
    told = replace(appeal, answers=(*appeal.answers, place))
    done = _no_more(turn, group.id)
    if len(told.answers) < QUESTIONS:
        return _ask(done, group, told)
    sent = replace(told, sent=turn.now)
    values: Values = {"number": sent.number, "date": day(turn.now + DECIDED_IN)}
    said = done.answer(Reply("appeal", (Text("appeal-sent", values),), group=group.charter.name))
    return Outcome(puts=(sent,)) + waking(group.id, Matter.CONDUCT, turn.now) + said


def stopped(turn: Turn) -> Outcome | None:
    """Let go of an appeal that is not sent; None if no question of it is the open one."""
    asked = waiting(turn.person.asked)
    appeal = _answering(turn, asked) if asked is not None else None
    if appeal is None:
        return None
    name = turn.groups[appeal.group].charter.name
    said = _no_more(turn, appeal.group).answer(notice(Text("appeal-stopped"), group=name))
    return Outcome(drops=(appeal,)) + said


def _ask(turn: Turn, group: Group, appeal: Appeal, *first: Text) -> Outcome:
    index = len(appeal.answers)
    reply = Reply(
        "appeal",
        (*first, ASKED[index], Text("appeal-how")),
        choices=(_STOP,),
        ask=Ask(TOPIC, group.id),
        group=group.charter.name,
        step=f"{index + 1}/{QUESTIONS}",
    )
    return Outcome(puts=(appeal,)) + turn.answer(reply)


def _newest(turn: Turn) -> tuple[Group, Measure] | None:
    """Return the newest decision that can be appealed still."""
    taken = {(appeal.group, appeal.number) for appeal in _own(turn)}
    found = [
        (turn.groups[standing.group], measure)
        for standing in turn.state.of(Standing)
        if standing.user == turn.user and standing.group in turn.groups
        for measure in standing.measures
        if measure.rung in BINDING
        and measure.verdict is None
        and turn.now < measure.at + OPEN_FOR
        and standing.group not in {group for group, _ in taken}
    ]
    return max(found, key=lambda one: one[1].at, default=None)


def _own(turn: Turn) -> list[Appeal]:
    own = (one for one in turn.state.of(Appeal) if one.user == turn.user)
    return [one for one in own if one.group in turn.groups]


def _answering(turn: Turn, asked: Asked) -> Appeal | None:
    if asked.topic != TOPIC:
        return None
    own = (one for one in _own(turn) if one.group == asked.group and one.sent is None)
    return next(own, None)


def _no_more(turn: Turn, group: GroupId) -> Turn:
    asked = closed(turn.person.asked, TOPIC, group)
    return replace(turn, person=replace(turn.person, asked=asked))
