"""What who leads a meeting does with the queue: the word for the next one, and a soft timer."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain import prompt_timers
from appservice.domain.events import PromptDue
from appservice.domain.floor.floor import Floor, speaker
from appservice.domain.floor.floor import called as next_called
from appservice.domain.floor.in_meeting import about
from appservice.domain.floor.kept import keeping, kept, shown
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Prompt, UserId


def called(turn: Turn, group: Group, occurrence: Occurrence) -> Outcome:
    """Give the word to whoever is first, tell them so, and show the queue to those who lead."""
    floor = next_called(kept(turn.state, occurrence), turn.now)
    out = keeping(turn.state, floor) + shown(turn.state, group, floor)
    user = speaker(floor)
    if user is None:
        return out
    out += prompt_timers.waking(_prompt("turn", user, group, occurrence), turn.now)
    return out + _nudge(turn, group, occurrence, floor)


def timed(turn: Turn, group: Group, occurrence: Occurrence, minutes: int) -> Outcome:
    """Let speakers be told kindly when their time is round; 0: let them not."""
    floor = replace(kept(turn.state, occurrence), minutes=minutes)
    return keeping(turn.state, floor) + _nudge(turn, group, occurrence, floor)


def _nudge(turn: Turn, group: Group, occurrence: Occurrence, floor: Floor) -> Outcome:
    user = speaker(floor)
    if user is None:
        return NOTHING
    event = _prompt("nudge", user, group, occurrence)
    if not floor.minutes:
        return prompt_timers.resting(event)
    at = floor.speaking[user] + timedelta(minutes=floor.minutes)
    return prompt_timers.waking(event, max(at, turn.now))


def _prompt(what: str, user: UserId, group: Group, occurrence: Occurrence) -> PromptDue:
    return PromptDue(user, group.id, Prompt.MEETING, about(what, occurrence))
