"""The time has come to write to somebody unasked: which part of the house looks again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from appservice.domain import limits
from appservice.domain.buddies import saying as buddies
from appservice.domain.checkins import asking
from appservice.domain.digest import sending
from appservice.domain.events import PromptDue
from appservice.domain.feedback import asking as feedback
from appservice.domain.floor import in_meeting
from appservice.domain.joint import asking as joint
from appservice.domain.meetings import announcing, missed, reminder_due
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.polls import asking as polls
from appservice.domain.postvention import asking as loss
from appservice.domain.state import State
from appservice.domain.team_care import rest
from appservice.domain.themes import posting as theme
from appservice.domain.times import asking as times
from appservice.domain.types import CauseId, Prompt


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Let the part look that has set the timer."""
    look = _LOOKS.get(event.what)
    return NOTHING if look is None else look(state, event, cause, now)


_Look = Callable[[State, PromptDue, CauseId, datetime], Outcome]
_LOOKS: Mapping[Prompt, _Look] = {
    Prompt.POLL: polls.due,
    Prompt.MEETING: in_meeting.due,
    Prompt.THEME: theme.due,
    Prompt.BUDDY: buddies.due,
    Prompt.TIMES: times.due,
    Prompt.JOINT: joint.due,
    Prompt.CHECKIN: asking.due,
    Prompt.FEEDBACK: feedback.due,
    Prompt.DIGEST: sending.due,
    Prompt.NEWS: announcing.due,
    Prompt.REMINDER: reminder_due.due,
    Prompt.MISSED: missed.due,
    Prompt.REST: rest.due,
    Prompt.LOSS: loss.due,
    Prompt.LIMITS: limits.due,
}
