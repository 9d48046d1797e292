"""!draft: goes through the charter of your group with you, question by question."""

from appservice.domain.drafting.questions import draft_of
from appservice.domain.drafting.showing import shown
from appservice.domain.drafting.talk import ask, go_on
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def draft(turn: Turn, rest: str) -> Outcome:
    """Ask the next question, or show the whole; a number leads to that question."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    name = group.charter.name
    if group.stage != "draft" and group.draft is None:
        return turn.refuse(Text("not-a-draft", {"group": name}), group=group)
    if subcommand(turn, rest, "draft", ("show",)) is not None:
        return shown(turn, group)
    if turn.shared:
        return turn.refuse(Text("draft-in-private"), group=group)
    return _asked(turn, group, rest)


def _asked(turn: Turn, group: Group, rest: str) -> Outcome:
    if not rest:
        return go_on(turn, group)
    count = len(draft_of(group, turn.state.house.known).questions)
    if not rest.isdecimal() or not 1 <= int(rest) <= count:
        return turn.refuse(Text("draft-words", {"count": count}), group=group)
    return ask(turn, group, int(rest) - 1)
