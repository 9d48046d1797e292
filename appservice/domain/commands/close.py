"""!close: closes your group in two weeks, if a second one of you agrees."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.dates import day_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.group_life.closing import (
    LATEST,
    LEAST,
    USUAL,
    begun,
    goodbye,
    proposed,
    undone,
)
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, Values


def close(turn: Turn, rest: str) -> Outcome:
    """Ask for an end, agree to one, or take it back."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if subcommand(turn, rest, "close", ("undo",)) is not None:
        return _undone(turn, group)
    if group.stage == "closing" and group.closing is not None:
        values = _values(group, group.closing.on)
        return turn.refuse(Text("closing-already", values), group=group)
    on = _day(turn, rest)
    if isinstance(on, Text):
        return turn.refuse(on, group=group)
    wish = group.closing
    if wish is not None and wish.by != turn.user and (not rest or wish.on == on):
        by = max(wish.on, turn.now + LEAST)  # the wish may have waited for long
        agreed = begun(turn, group, replace(wish, on=by))
        lines = (Text("closing-agreed", _values(group, by)), *goodbye(turn, group))
        said = notice(*lines, group=group.charter.name)
        return agreed + turn.answer(said)
    said = notice(Text("close-proposed", _values(group, on)), group=group.charter.name)
    return proposed(turn, group, on) + turn.answer(said)


def _undone(turn: Turn, group: Group) -> Outcome:
    wish = group.closing
    if wish is None:
        return turn.refuse(Text("closing-none", {"group": group.charter.name}), group=group)
    key = "closing-undone" if wish.agreed else "close-wish-undone"
    said = notice(Text(key, {"group": group.charter.name}), group=group.charter.name)
    return undone(turn, group, wish) + turn.answer(said)


def _day(turn: Turn, rest: str) -> datetime | Text:
    if not rest:
        return turn.now + USUAL
    on = day_in(rest)
    if on is None:
        return Text("close-words")
    if on < turn.now + LEAST or on > turn.now + LATEST:
        return Text("close-date", {"least": LEAST.days, "most": LATEST.days})
    return on


def _values(group: Group, on: datetime) -> Values:
    return {"group": group.charter.name, "date": f"{on:%Y-%m-%d}"}
