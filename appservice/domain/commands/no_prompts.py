"""off: ends what I write to you unasked; what keeps you safe still comes."""

from dataclasses import replace

from appservice.domain.orientation import ended
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def no_prompts(turn: Turn, rest: str) -> Outcome | None:
    """End all prompts at once, tips for newcomers too."""
    if rest:
        return None
    out, person = ended(turn)
    silent = replace(turn, person=replace(person, prompts_off=True))
    return out + silent.answer(notice(Text("prompts-off")))
