"""!hush 30m: nobody but you can write in the circle for 5 to 120 minutes."""

from appservice.domain.conduct import hush as break_
from appservice.domain.conduct.reading import minutes_in
from appservice.domain.conduct.saying import to_those_in_charge
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import RoomKind, Text


def hush(turn: Turn, rest: str) -> Outcome:
    """Begin a break in the circle, or end it."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if subcommand(turn, rest, "hush", ("off",)) is not None:
        return _off(turn, group)
    return timed(turn, group, minutes_in(turn, rest))


def timed(turn: Turn, group: Group, minutes: int | None) -> Outcome:
    """Close writing, and hand over words for the circle; never while a case is red."""
    name = group.charter.name
    if minutes is None or not break_.LEAST <= minutes <= break_.MOST:
        return turn.refuse(Text("hush-how"), group=group)
    if break_.is_red(turn.state, group):
        return turn.refuse(Text("hush-red"), group=group)
    if group.stage not in ("open", "quiet", "closing") or RoomKind.CIRCLE not in group.rooms:
        return turn.refuse(Text("hush-not-open", {"group": name}), group=group)
    after, out = break_.begun(turn, group, minutes)
    told = (Text("hush-done", {"minutes": minutes}), break_.card(after))
    out += to_those_in_charge(turn, group, *told)
    return out + turn.answer(notice(*told, group=name))


def _off(turn: Turn, group: Group) -> Outcome:
    if group.hushed is None:
        return turn.refuse(Text("hush-none"), group=group)
    told = Text("hush-over", {"group": group.charter.name})
    said = turn.answer(notice(told, group=group.charter.name))
    return break_.ended(turn, group, "hush-over") + said
