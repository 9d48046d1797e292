"""options: shows the extras, and which are on."""

from appservice.domain.allowing import names
from appservice.domain.options import OPTIONS
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text, Values


def options(turn: Turn, rest: str) -> Outcome | None:
    """List every option with what it does."""
    if rest:
        return None
    lines = [Text("options-title")]
    for option in OPTIONS:
        on = [consent for consent in turn.consents() if option.name in consent.options]
        key = "option-line-on" if on else "option-line-off"
        values: Values = {
            "name": option.name,
            "groups": names(turn, on),
            "what": option.does,
        }
        lines.append(Text(key, values))
    card = Text("card", {"lines": tuple(lines)})
    return turn.answer(Reply("options", (card, Text("options-how"))))
