"""question WORDS: asks your group something without your name, if a facilitator says yes."""

from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text
from appservice.domain.unsigned.preview import previewed


def question(turn: Turn, rest: str) -> Outcome | None:
    """Show who would read it, and ask whether it is to go."""
    if not rest:
        return turn.answer(notice(Text("question-how")))
    return previewed(turn, "question", "question")
