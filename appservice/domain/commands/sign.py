"""!sign: signs the draft of your group; with a second signature it can open."""

from appservice.domain.crisis_plan.keeping import fault_of_review
from appservice.domain.crisis_plan.keeping import signed as plan_signed
from appservice.domain.drafting.signing import faults, signed, signed_by, without_numbers
from appservice.domain.facilitation import facilitated
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def sign(turn: Turn, rest: str) -> Outcome:
    """Keep the signature of a facilitator who has a consent, under the words as they are now."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.refuse(group)
    name = group.charter.name
    if group.stage != "draft":
        return turn.refuse(Text("not-a-draft", {"group": name}), group=group)
    if found := faults(group, turn.state.house):
        return turn.refuse(*found[:1], group=group)
    if turn.user in signed_by(group):
        return turn.answer(notice(Text("signed-already", {"group": name}), group=name))
    if (late := fault_of_review(group, turn.now)) is not None:
        return turn.refuse(late, group=group)
    kept = signed(plan_signed(group, turn.user), turn.user)
    lines = (Text("signed", {"group": name, "count": len(kept.signed)}), Text("signed-plan-too"))
    said = notice(*lines, *without_numbers(kept, turn.state.house), group=name)
    return Outcome(puts=(kept,)) + turn.answer(said)
