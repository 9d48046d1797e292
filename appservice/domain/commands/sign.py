"""!sign: signs the draft of your group; with a second signature it can open."""

from dataclasses import replace

from appservice.domain.facilitation import facilitated
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def sign(turn: Turn, rest: str) -> Outcome:
    """Keep the signature of a facilitator who has a consent."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.answer(Reply("refusal", (group,)))
    name = group.charter.name
    if group.stage != "draft":
        return turn.answer(Reply("refusal", (Text("not-a-draft", {"group": name}),), group=name))
    if turn.user in group.signed:
        return turn.answer(notice(Text("signed-already", {"group": name}), group=name))
    signed = replace(group, signed=(*group.signed, turn.user))
    said = notice(Text("signed", {"group": name, "count": len(signed.signed)}), group=name)
    return Outcome(puts=(signed,)) + turn.answer(said)
