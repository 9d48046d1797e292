"""!red-paging: shows if danger pages you at once, and switches that on or off."""

from appservice.domain.cases import waiting
from appservice.domain.cases.urgent import red_paging as is_on
from appservice.domain.duty import promise
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def red_paging(turn: Turn, rest: str) -> Outcome:
    """Switch it on where the group can keep that promise, or off; without a word, show it."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "red", ("on", "off")) if rest else ("show", "")
    match word:
        case ("on", ""):
            return _on(turn, group)
        case ("off", ""):
            off = promise.switched_off(group)
            off += waiting.looked_at(turn, group.id)
            return off + _said(turn, group, "duty", Text("red-is-off"))
        case ("show", ""):
            lacks = promise.missing(group, turn.now)
            lines = (Text("red-is-on"),) if is_on(group) else (Text("red-is-off"), *lacks)
            return _said(turn, group, "duty", *lines)
        case _:
            return _said(turn, group, "refusal", Text("red-words"))


def _on(turn: Turn, group: Group) -> Outcome:
    lacks = promise.missing(group, turn.now)
    if lacks:
        return _said(turn, group, "refusal", Text("red-not-yet"), *lacks)
    kept = promise.switched_on(group, turn.now) + waiting.looked_at(turn, group.id)
    return kept + _said(turn, group, "duty", Text("red-is-on"))


def _said(turn: Turn, group: Group, kind: str, *lines: Text) -> Outcome:
    return turn.answer(Reply(kind, lines, group=group.charter.name))
