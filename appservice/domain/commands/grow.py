"""!grow: gives your small group a noticeboard, and a room for its facilitators."""

from appservice.domain.facilitation import facilitated
from appservice.domain.group import Group
from appservice.domain.group_life.growing import faults, grown
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Size, Text


def grow(turn: Turn, rest: str) -> Outcome:
    """Make it a group of full size, or say what stands in the way."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.refuse(group)
    if refused := _refused(turn, group):
        return turn.refuse(refused, group=group)
    return grown(turn, group)


def _refused(turn: Turn, group: Group) -> Text | None:
    name = group.charter.name
    if group.charter.size is not Size.SMALL:
        return Text("grown-already", {"group": name})
    if group.stage not in ("open", "quiet"):
        return Text("stage-not-open", {"group": name})
    return next(iter(faults(turn, group)), None)
