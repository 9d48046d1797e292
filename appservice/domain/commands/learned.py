"""!learned: tells me that you have talked over what cases taught you; I keep the day only."""

from dataclasses import replace

from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def learned(turn: Turn, rest: str) -> Outcome:
    """Keep that it took place; whatever they write behind the word is kept nowhere."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group = found[0]
    kept = replace(group, plan=replace(group.plan, learned=turn.now))
    told = Text("learned", {"date": f"{turn.now:%Y-%m-%d}"})
    said = notice(told, Text("learned-on"), group=group.charter.name)
    return Outcome(puts=(kept,)) + turn.answer(said)
