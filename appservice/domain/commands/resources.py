"""resources: shows the links that your group has found good."""

from appservice.domain.outcome import Outcome
from appservice.domain.shelf.keeping import shelf_of
from appservice.domain.shelf.telling import for_members
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import named


def resources(turn: Turn, rest: str) -> Outcome | None:
    """Say them for one group, or for all of somebody's groups."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, left = named(turn, groups, rest)
    if left:
        return None
    if not groups:
        return turn.answer(notice(Text("in-no-group")))
    shown = [for_members(g, shelf_of(turn.state, g.id), turn.now) for g in meant or groups]
    only = groups[0].charter.name if len(groups) == 1 else None
    return turn.answer(notice(*(line for lines in shown for line in lines), group=only))
