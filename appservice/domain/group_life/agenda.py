"""What of a group is due at some time: one timer for each matter, and a look before each step."""

from datetime import datetime

from appservice.domain.events import GroupDue
from appservice.domain.group_life import closing, quiet, review, splitting
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.types import CauseId, Matter


def due(state: State, event: GroupDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again at what the timer was for."""
    group = state.groups.get(event.group)
    if group is None:
        return NOTHING
    match event.matter:
        case Matter.QUIET:
            return quiet.due(state, group, cause, now)
        case Matter.CLOSING:
            return closing.due(state, group, cause, now)
        case Matter.REVIEW:
            return review.due(state, group, cause, now)
        case Matter.SPLIT:
            return splitting.due(state, group, cause, now)
