"""language de: makes me write to you in another language."""

from dataclasses import replace

from appservice.domain.asked import waiting
from appservice.domain.gate.walk import anew
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def language(turn: Turn, rest: str) -> Outcome | None:
    """Keep the language; an open application begins again in it, since its rules read anew."""
    wanted = rest.strip().casefold()
    words = turn.state.words
    named = next((tag for tag in words.languages() if wanted in _names(turn, tag)), None)
    if named is None:
        if len(wanted.split()) > 1:
            return None
        shipped = ", ".join(words.languages())
        return turn.answer(
            Reply("not_understood", (Text("language-unknown", {"languages": shipped}),))
        )
    spoken = replace(turn, person=replace(turn.person, language=named), language=named)
    asked = waiting(turn.person.asked)
    in_gate = asked.group if asked is not None and asked.topic == "gate" else None
    for application in turn.applications():
        if application.group == in_gate and application.step:
            return anew(spoken, application, named)
    return spoken.answer(notice(Text("language-kept")))


def _names(turn: Turn, tag: str) -> frozenset[str]:
    return turn.state.words.synonyms(f"language-{tag}", turn.language) | {tag}
