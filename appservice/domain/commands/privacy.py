"""privacy: shows who can read what."""

from appservice.domain.gate.privacy import privacy_card
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def privacy(turn: Turn, rest: str) -> Outcome | None:
    """Show the card for each of the member's groups, as its rooms are now."""
    if rest:
        return None
    house = turn.state.house
    ids = tuple(record.group for record in turn.memberships())
    if len(ids) <= 1:
        group = turn.groups[ids[0]] if ids else None
        return turn.answer(Reply("privacy_card", (privacy_card(group, house, turn.state.marks),)))
    lines: list[Text] = []
    for group in (turn.groups[group_id] for group_id in ids):
        lines += [
            Text("privacy-of", {"group": group.charter.name}),
            privacy_card(group, house, turn.state.marks),
        ]
    return turn.answer(Reply("privacy_card", tuple(lines)))
