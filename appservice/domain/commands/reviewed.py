"""!reviewed: tells me that you have looked at rules, numbers, crisis plan and who is who."""

from appservice.domain.crisis_plan.keeping import reviewed as looked_at
from appservice.domain.facilitation import facilitated
from appservice.domain.group_life.review import HALF_A_YEAR, following
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def reviewed(turn: Turn, rest: str) -> Outcome:
    """Set the next review, in half a year."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.refuse(group)
    name = group.charter.name
    if group.stage not in ("open", "quiet"):
        return turn.refuse(Text("stage-not-open", {"group": name}), group=group)
    if group.plan.review is not None:
        group = looked_at(group, turn.now + HALF_A_YEAR)
    kept, outcome = following(group, turn.now)
    said = Text("reviewed-until", {"group": name, "date": f"{kept.review:%Y-%m-%d}"})
    return outcome + turn.answer(notice(said, group=name))
