"""Where a case needs two and there is one: who could be asked, or that somebody is missing."""

from datetime import timedelta

from appservice.domain.cases.case import Case
from appservice.domain.cases.keeping import noticed
from appservice.domain.cases.log import newest
from appservice.domain.cases.seeing import Seen, may_be_second, seers
from appservice.domain.effects import TellOperator
from appservice.domain.membership import facilitating
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import lead_of
from appservice.domain.types import Text

_CODE = "second_missing"
_TOLD_EVERY = timedelta(days=1)


def is_alone(seen: Seen) -> bool:
    """Say whether nobody else may see a case who could agree to anything about it."""
    turn, group, case = seen
    return {*seers(turn.state, group, case)} <= {turn.user, case.reporter}


def why(seen: Seen) -> tuple[Text, ...]:
    """Say whom to ask first; where nobody is left, that whoever runs the house can name one."""
    operator, number = seen.turn.state.house.operator, {"number": seen.case.number}
    if _could(seen):
        return (Text("case-nobody-else", number),)
    key = "case-nobody-left" if operator is not None else "case-nobody-left-nameless"
    group = {"group": seen.group.charter.name, "operator": operator or ""}
    return (Text(key, {**number, **group}), Text("case-nobody-waits"))


def told(seen: Seen, case: Case) -> tuple[Case, Outcome]:
    """Tell the operator by numbers alone that somebody is missing, at most once a day."""
    if _could(seen):
        return case, NOTHING
    last = newest(case, _CODE)
    if last is not None and timedelta(0) <= seen.turn.now - last.at < _TOLD_EVERY:
        return case, NOTHING
    facts = {"group": seen.group.id, "case": case.name}
    tell = TellOperator(Text("operator-case-second"), facts)
    return noticed(seen._replace(case=case), _CODE), Outcome(effects=(tell,))


def _could(seen: Seen) -> bool:
    """Say whether anybody could be the second person, once they are asked."""
    turn, group, case = seen
    everybody = (*facilitating(turn.state, group), *lead_of(group))
    return any(
        may_be_second(turn.state, group, case, one) for one in everybody if one != turn.user
    )
