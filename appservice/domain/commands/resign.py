"""!resign: lays your role in the group down; you stay a member."""

from appservice.domain.facilitation import facilitated_first, named_here
from appservice.domain.outcome import Outcome
from appservice.domain.roles.ending import resigned
from appservice.domain.roles.named import ALL, role_meant, roles_of
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def resign(turn: Turn, rest: str) -> Outcome:
    """Lay down the role that is named, or all of them; at once, and nobody asks why."""
    found = facilitated_first(turn, rest, named_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    name = group.charter.name
    one = role_meant(turn, rest) if rest else None
    if rest and (one is None or one not in roles_of(turn.user, group)):
        return turn.refuse(Text("resign-which"), group=group)
    _, ended = resigned(turn, group, turn.user, ALL if one is None else (one,))
    return ended + turn.answer(notice(Text("role-resigned-own", {"group": name}), group=name))
