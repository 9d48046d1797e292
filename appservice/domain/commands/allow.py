"""allow NAME: switches an extra on, after one plain question."""

from appservice.domain.allowing import asks, meant
from appservice.domain.options import OPTIONS
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def allow(turn: Turn, rest: str) -> Outcome | None:
    """Ask for an option; nothing is on before a yes."""
    found = meant(turn, rest)
    if found is None and len(rest.split()) > 1:
        return None
    if not turn.consents():
        return turn.refuse(Text("options-no-group"))
    if found is None or not found[1]:
        names = ", ".join(option.name for option in OPTIONS)
        return turn.refuse(Text("option-unknown", {"names": names}))
    option, consents = found
    off = [consent for consent in consents if option.name not in consent.options]
    if not off:
        return turn.answer(Reply("options", (Text("option-on-already", {"name": option.name}),)))
    return asks(turn, option, off)
