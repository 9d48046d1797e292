"""Which motion somebody means by a number, or without one."""

from collections.abc import Callable

from appservice.domain.conduct.motion import Motion
from appservice.domain.conduct.reading import number_in
from appservice.domain.conduct.records import motions_of
from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Text

_Act = Callable[[Turn, Group, Motion], Outcome]


def on_motion(turn: Turn, rest: str, act: _Act) -> Outcome:
    """Act on the motion that is named; without a number on the newest that waits."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    number, waiting = number_in(rest), motions_of(turn.state, group).waiting
    if rest and number is None:
        return turn.refuse(Text("motion-number"), group=group)
    meant = [one for one in waiting if number in (None, one.number) and not one.is_nameless]
    if not meant:
        return turn.refuse(Text("motion-none"), group=group)
    return act(turn, group, meant[-1])
