"""An appeal on its way to a decision: who is asked, who is reminded, and what is done at the end.

Whoever decided, or was the second person, never decides about it again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.conduct import pauses, returning
from appservice.domain.conduct.appeal import DECIDED_IN, OPEN_FOR, Appeal
from appservice.domain.conduct.appealing import ASKED
from appservice.domain.conduct.limits import has_flagged
from appservice.domain.conduct.names import RUNGS
from appservice.domain.conduct.records import appeals, standing_of
from appservice.domain.conduct.saying import day, rule_lines, to_those_in_charge
from appservice.domain.conduct.standing import Measure, Rung, Verdict, alias
from appservice.domain.effects import Message, Quote, TellOperator
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, facilitating
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import chat_of, in_private
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import RoomId, Text, UserId, Values

DAY = timedelta(days=1)
_REMINDED = (timedelta(days=3), timedelta(days=6))
_MILDER: Mapping[Rung, Rung] = {
    Rung.REMOVAL: Rung.SECOND,
    Rung.PAUSE: Rung.SECOND,
    Rung.SECOND: Rung.FIRST,
    Rung.FIRST: Rung.REMINDER,
}
_OUTCOMES: Mapping[Verdict, str] = {
    Verdict.UPHOLD: "appeal-upheld",
    Verdict.CHANGE: "appeal-changed",
    Verdict.LIFT: "appeal-lifted",
}


def step(here: Turn, group: Group) -> Outcome | None:
    """Take the first thing that is due about an appeal."""
    for appeal in appeals(here.state, group):
        if (done := _step(here, group, appeal)) is not None:
            return done
    return None


def moments(here: Turn, group: Group) -> Iterable[datetime]:
    """Return when to look again: each day while nobody could be asked."""
    ahead = []
    for appeal in appeals(here.state, group):
        if appeal.sent is None:
            ahead.append(appeal.begun + OPEN_FOR)
            continue
        ahead += [appeal.sent + span for span in (*_REMINDED, DECIDED_IN)]
        if "asked" not in appeal.told:
            ahead.append(here.now + DAY)
    return ahead


def measure_of(here: Turn, group: Group, appeal: Appeal) -> Measure | None:
    """Return what an appeal is about."""
    measures = standing_of(here.state, group, appeal.user).measures
    return next((one for one in measures if one.number == appeal.number), None)


def is_involved(group: Group, user: UserId, measure: Measure) -> bool:
    """Say whether somebody took the decision, or was its second person."""
    return alias(group.id, user) in (measure.by, measure.second)


def may_decide(here: Turn, group: Group, appeal: Appeal, measure: Measure, user: UserId) -> bool:
    """Say whether somebody has no part in it, and was not flagged by whoever appeals."""
    if user == appeal.user or is_involved(group, user, measure):
        return False
    return not has_flagged(here.state, group, appeal.user, user)


def shown(here: Turn, group: Group, appeal: Appeal, rooms: Iterable[RoomId]) -> Outcome:
    """Say in private what it is about and how to decide; the words follow as they stand."""
    measure = measure_of(here, group, appeal)
    if measure is None or appeal.due is None:
        return NOTHING
    name, language, rooms = group.charter.name, group.charter.language, tuple(rooms)
    values: Values = {
        "number": appeal.number,
        "user": appeal.user,
        "group": name,
        "what": RUNGS[measure.rung],
        "date": day(appeal.due),
    }
    lines = (Text("appeal-asked", values), *rule_lines(group, measure.rule, language))
    out = notices(rooms, group, *lines, Text("appeal-verdicts", values), kind="appeal")
    words = Message("appeal", (Text("appeal-words", values),), language, ("appeal",), group=name)
    answers = tuple(zip(ASKED, appeal.answers, strict=False))
    quotes = (Quote(room, words, appeal.user, group.id, answers, followed=False) for room in rooms)
    return out + Outcome(effects=tuple(quotes))


def decided(turn: Turn, group: Group, appeal: Appeal, verdict: Verdict) -> Outcome:
    """Do what was decided, and tell whoever appealed what came of it."""
    measure = measure_of(turn, group, appeal)
    standing = standing_of(turn.state, group, appeal.user)
    if measure is None:
        return Outcome(drops=(appeal,))
    after = replace(measure, verdict=verdict)
    if verdict is Verdict.CHANGE:
        after = replace(after, rung=_MILDER.get(measure.rung, measure.rung))
    out, restores = NOTHING, verdict is not Verdict.UPHOLD
    if restores and standing.pause == measure:
        after = replace(after, ended=turn.now)
        out = pauses.resumed_for(turn, group, standing, "conduct-sooner")
    elif restores and measure.rung is Rung.REMOVAL:
        out, _ = returning.way_in(turn, group, appeal.user, "let-in-told")
    measures = tuple(after if one == measure else one for one in standing.measures)
    kept = Outcome(puts=(replace(standing, measures=measures),), drops=(appeal,))
    values: Values = {
        "number": appeal.number,
        "group": group.charter.name,
        "what": RUNGS[measure.rung],
        "now": RUNGS[after.rung],
    }
    said = Reply("appeal", (Text(_OUTCOMES[verdict], values),), group=group.charter.name)
    told = Text("appeal-decided", {**values, "verdict": Text(_NAMES[verdict])})
    return kept + in_private(turn, group, appeal.user, said) + out + _told(turn, group, told)


_NAMES: Mapping[Verdict, str] = {
    Verdict.UPHOLD: "verdict-uphold",
    Verdict.CHANGE: "verdict-change",
    Verdict.LIFT: "verdict-lift",
}


def _told(turn: Turn, group: Group, text: Text) -> Outcome:
    here = turn.answer(Reply("appeal", (text,), group=group.charter.name))
    return here + to_those_in_charge(turn, group, text, kind="appeal")


def _step(here: Turn, group: Group, appeal: Appeal) -> Outcome | None:
    measure = measure_of(here, group, appeal)
    if measure is None or (appeal.sent is None and here.now >= appeal.begun + OPEN_FOR):
        return Outcome(drops=(appeal,))
    if appeal.sent is None:
        return None
    able = _able(here, group, appeal, measure)
    if "asked" not in appeal.told and able:
        return _kept(appeal, "asked") + shown(here, group, appeal, able)
    if not able and "nobody" not in appeal.told:
        return _kept(appeal, "nobody") + _nobody(here, group, appeal)
    return _awaited(here, group, appeal, measure, appeal.sent)


def _awaited(
    here: Turn, group: Group, appeal: Appeal, measure: Measure, sent: datetime
) -> Outcome | None:
    """Remind those who can decide twice, and say the truth once it is late."""
    for span in _REMINDED:
        name = f"reminded {span.days}"
        if here.now >= sent + span and name not in appeal.told:
            values: Values = {"number": appeal.number, "date": day(sent + DECIDED_IN)}
            able = _able(here, group, appeal, measure)
            told = notices(able, group, Text("appeal-reminder", values), kind="appeal")
            return _kept(appeal, name) + told
    if here.now >= sent + DECIDED_IN and "late" not in appeal.told:
        return _kept(appeal, "late") + _late(here, group, appeal, measure)
    return None


def _able(here: Turn, group: Group, appeal: Appeal, measure: Measure) -> tuple[RoomId, ...]:
    """Return the chats of those who can decide: facilitators with no part in it, else the lead."""
    others = [
        user
        for user in facilitating(here.state, group)
        if may_decide(here, group, appeal, measure, user)
    ]
    return chats_of(here.state, others) or _of_lead(here, group, appeal, measure)


def _of_lead(here: Turn, group: Group, appeal: Appeal, measure: Measure) -> tuple[RoomId, ...]:
    lead = group.charter.lead
    if lead is None or not may_decide(here, group, appeal, measure, lead):
        return ()
    return chats_of(here.state, (lead,))


def _nobody(here: Turn, group: Group, appeal: Appeal) -> Outcome:
    """Ask those who can name somebody."""
    operator = TellOperator(Text("operator-appeal-nobody"), {"group": group.id})
    values: Values = {"number": appeal.number, "group": group.charter.name}
    lead = group.charter.lead
    places = chats_of(here.state, (lead,) if lead is not None else ())
    told = notices(places, group, Text("appeal-nobody", values), kind="appeal")
    return told + Outcome(effects=(operator,))


def _late(here: Turn, group: Group, appeal: Appeal, measure: Measure) -> Outcome:
    """Let the lead have it too, tell the operator, and say the truth to whoever waits."""
    operator = TellOperator(Text("operator-appeal-late"), {"group": group.id})
    out = shown(here, group, appeal, _of_lead(here, group, appeal, measure))
    there = chat_of(here, group, appeal.user)
    if there is not None:
        line = Text("appeal-late", {"number": appeal.number})
        out += there.answer(Reply("appeal", (line,), group=group.charter.name))
    return out + Outcome(effects=(operator,))


def _kept(appeal: Appeal, said: str) -> Outcome:
    return Outcome(puts=(replace(appeal, told=(*appeal.told, said)),))
