"""!open: opens your group, once two facilitators have signed its draft."""

from dataclasses import replace

from appservice.domain.crisis_plan import clock
from appservice.domain.crisis_plan import keeping as crisis_plan
from appservice.domain.drafting.signing import faults_to_open, signatures
from appservice.domain.facilitation import facilitated
from appservice.domain.group_life import review, splitting
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

NEEDED = 2


def open_group(turn: Turn, rest: str) -> Outcome:
    """Turn a draft into an open group, or say what is missing."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.refuse(group)
    name = group.charter.name
    if group.stage != "draft":
        return turn.refuse(Text("not-a-draft", {"group": name}), group=group)
    if found := faults_to_open(group, turn.state.house):
        return turn.refuse(*found[:1], group=group)
    count = signatures(turn.state, group)
    if count < NEEDED:
        missing = Text("signatures-missing", {"count": count, "needed": NEEDED})
        return turn.refuse(missing, group=group)
    if (fault := crisis_plan.fault_to_open(turn.state, group, turn.now)) is not None:
        return turn.refuse(fault, group=group)
    said = notice(Text("opened", {"group": name}), group=name)
    begun = replace(group, stage="open", draft=None, limits_told=turn.now)
    opened = crisis_plan.opening(begun, turn.now)
    asked = splitting.opened(opened, turn.now) + clock.looking(opened, turn.now)
    return review.first(opened, turn.now) + asked + turn.answer(said)
