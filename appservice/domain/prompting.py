"""The time has come to write to somebody unasked: which part of the house looks again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from appservice.domain.events import PromptDue
from appservice.domain.meetings import missed, reminder_due
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.types import CauseId, Prompt


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Let the part look that has set the timer."""
    look = _LOOKS.get(event.what)
    return NOTHING if look is None else look(state, event, cause, now)


_Look = Callable[[State, PromptDue, CauseId, datetime], Outcome]
_LOOKS: Mapping[Prompt, _Look] = {
    Prompt.REMINDER: reminder_due.due,
    Prompt.MISSED: missed.due,
}
