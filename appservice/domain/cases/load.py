"""How many open cases somebody looks after: beyond two, a colleague is named."""

from appservice.domain.cases.seeing import Seen, seers
from appservice.domain.duty.who import on_duty
from appservice.domain.types import Text, UserId, Values

MOST = 2


def too_much(seen: Seen, user: UserId) -> list[Text]:
    """Say so where this is one case too many, and who on duty has the fewest."""
    turn, group, case = seen.turn, seen.group, seen.case
    had = {one.number: one.owner for one in turn.state.cases or () if one.is_open}
    had[case.number] = user
    count = list(had.values()).count(user)
    if count <= MOST:
        return []
    others = [
        one
        for one in on_duty(turn.state, group, turn.now)
        if one != user and one in seers(turn.state, group, case)
    ]
    fewest = min(others, key=lambda one: list(had.values()).count(one), default=None)
    if fewest is None or list(had.values()).count(fewest) >= count:
        return [Text("case-load", {"count": count})]
    values: Values = {"count": count, "user": fewest, "number": case.number}
    return [Text("case-load-colleague", values)]
