"""guide element: tells how things are done in your app, and how you change your name."""

from collections.abc import Mapping

from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Audience, Text

GUIDES: Mapping[str, Text] = {
    "element": Text("guide-element"),
    "element-x": Text("guide-element-x"),
    "fluffychat": Text("guide-fluffychat"),
    "names": Text("guide-names"),
}
SHORT = 2  # words that may be meant as the name of an app


def guide(turn: Turn, rest: str) -> Outcome | None:
    """Show the guide that is named, else which there are; on any device, verified or not."""
    said = " ".join(rest.casefold().split())
    named = next((text for name, text in GUIDES.items() if said in _names(turn, name)), None)
    if named is None and len(said.split()) > SHORT:
        return None
    return turn.answer(notice(named or Text("guide-list"), audience=Audience.ALL))


def _names(turn: Turn, name: str) -> frozenset[str]:
    words = turn.state.words
    return words.synonyms(f"guide-{name}", turn.language) | words.synonyms(f"guide-{name}", "en")
