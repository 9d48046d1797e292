"""!redirect: gives you kind words to send on: !redirect medical, or !redirect limits."""

from appservice.domain.facilitation import facilitated_first
from appservice.domain.limits import lines_of
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

_MEDICAL: tuple[Text, ...] = (Text("redirect-medical"),)


def redirect(turn: Turn, rest: str) -> Outcome:
    """Say why these words, then the words alone, so that they can be forwarded as they are."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "redirect", ("medical", "limits"))
    name = group.charter.name
    if word is None:
        return turn.refuse(Text("redirect-words"), group=group)
    why, lines = Text("redirect-limits-why"), lines_of(group)
    if word[0] == "medical":
        why, lines = Text("redirect-medical-why"), _MEDICAL
    first = turn.answer(notice(why, Text("redirect-how"), group=name))
    return first + turn.answer(notice(*lines, group=name))
