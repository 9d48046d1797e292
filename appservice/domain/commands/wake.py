"""!wake: ends the quiet time of your group."""

from appservice.domain.facilitation import facilitated
from appservice.domain.group_life.quiet import woken
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def wake(turn: Turn, rest: str) -> Outcome:
    """Let people come in again."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.refuse(group)
    name = group.charter.name
    if group.stage != "quiet":
        return turn.refuse(Text("not-quiet", {"group": name}), group=group)
    said = notice(Text("quiet-over", {"group": name}), group=name)
    return woken(turn, group) + turn.answer(said)
