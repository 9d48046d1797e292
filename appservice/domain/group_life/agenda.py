"""What of a group is due at some time: one timer for each matter, and a look before each step."""

from collections.abc import Callable, Mapping
from datetime import datetime

from appservice.domain.buddies import due as buddies
from appservice.domain.checkins import counting
from appservice.domain.conduct import clock as conduct
from appservice.domain.crisis_plan import clock as crisis_plan
from appservice.domain.duty import promise
from appservice.domain.events import GroupDue
from appservice.domain.feedback import counting as feedback
from appservice.domain.feedback import did
from appservice.domain.floor import kept
from appservice.domain.group import Group
from appservice.domain.group_life import closing, quiet, review, splitting
from appservice.domain.joint import sessions
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.polls import course as polls
from appservice.domain.postvention import clock as postvention
from appservice.domain.shelf import due as shelf
from appservice.domain.state import State
from appservice.domain.themes import clock as themes
from appservice.domain.times import finding
from appservice.domain.types import CauseId, Matter
from appservice.domain.unsigned import question


def due(state: State, event: GroupDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again at what the timer was for."""
    group, look = state.groups.get(event.group), _LOOKS.get(event.matter)
    if group is None or look is None:
        return NOTHING
    return look(state, group, cause, now)


_Look = Callable[[State, Group, CauseId, datetime], Outcome]
_LOOKS: Mapping[Matter, _Look] = {
    Matter.QUIET: quiet.due,
    Matter.CLOSING: closing.due,
    Matter.REVIEW: review.due,
    Matter.SPLIT: splitting.due,
    Matter.POLLS: polls.due,
    Matter.SHELF: shelf.due,
    Matter.THEMES: themes.due,
    Matter.BUDDIES: buddies.due,
    Matter.FLOOR: kept.over,
    Matter.TIMES: finding.due,
    Matter.JOINT: sessions.due,
    Matter.CHECKINS: counting.due,
    Matter.FEEDBACK: feedback.due,
    Matter.DONE: did.due,
    Matter.QUESTIONS: question.due,
    Matter.PLAN: crisis_plan.due,
    Matter.POSTVENTION: postvention.due,
    Matter.RED_PAGING: promise.due,
    Matter.CONDUCT: conduct.due,
}
