"""!words: shows what you could say in a hard moment, and why; !words 3 has words to copy."""

from dataclasses import replace

from appservice.domain.outcome import Outcome
from appservice.domain.team_care import wording as words
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

_NUMBERS = frozenset(map(str, range(1, len(words.SITUATIONS) + 1)))


def wording(turn: Turn, rest: str) -> Outcome:
    """List the situations, or show one, in a language that may be named after the number."""
    if not rest:
        card = Text("card", {"lines": (Text("wording-title"), *words.titles())})
        return turn.answer(notice(card, Text("wording-how")))
    number, _, tag = rest.partition(" ")
    tag = tag.strip().casefold()
    found = words.of(int(number)) if number in _NUMBERS else None
    if found is None or tag not in ("", *turn.state.words.languages()):
        how = Text("wording-form", {"count": len(words.SITUATIONS)})
        return turn.refuse(how)
    spoken = replace(turn, language=tag or turn.language)
    title, said, why = found
    return spoken.answer(notice(title, said, why, Text("wording-yours")))
