"""!drill: plays your crisis plan through with you, card by card; members hear nothing of it."""

from appservice.domain.crisis_plan import drill as cards
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def drill(turn: Turn, rest: str) -> Outcome:
    """Begin it, go on, or end it."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "drill", ("next", "stop"))
    if rest and word is None:
        return turn.refuse(Text("drill-words"), group=group)
    if cards.is_no_time(turn, group):
        return turn.refuse(Text("drill-not-now"), group=group)
    if word is None:
        return cards.begun(turn, group)
    if not group.plan.drill:
        return turn.refuse(Text("drill-none"), group=group)
    return (cards.went_on if word[0] == "next" else cards.stopped)(turn, group)
