"""Looks after a meeting: which step is due, which came too late, and when to look again.

One timer belongs to each meeting. It says no more than that it is time to look: what is due is
read from the series as it is by then, so that nothing is said twice or about what is called off,
and a zone whose rules have changed, a clock that has jumped, or days of downtime change only what
is still useful to say.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import MeetingDue
from appservice.domain.group import Group
from appservice.domain.meetings import program
from appservice.domain.meetings.kept import find, progress_of
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.meetings.recurrence import Occurrence, between
from appservice.domain.meetings.steps import At, Step
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Record
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, GroupId

AHEAD = timedelta(days=9)  # the earliest step comes a week before a meeting
BEHIND = timedelta(days=9)  # the last one, about what people thought of it, ends a week after
DAILY = timedelta(days=1)  # zones change their rules: never trust an older look


def timer(group: GroupId, number: int) -> str:
    """Name the timer of a meeting."""
    return f"meeting {group} {number}"


def due(state: State, event: MeetingDue, cause: CauseId, now: datetime) -> Outcome:
    """Take what is due, of a group that is open; else look again tomorrow."""
    group = state.groups.get(event.group)
    meeting = find(state, event.group, event.number)
    if group is None or meeting is None or group.stage == "closed":
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    if group.stage == "quiet":
        return _wake(meeting, now + DAILY)
    return looked(here, group, meeting)


def looked(here: Turn, group: Group, meeting: Meeting) -> Outcome:
    """Take every step that is due, let go of what is long over, and set the timer."""
    out, ahead, now = NOTHING, [here.now + DAILY], here.now
    near = between(meeting, now - BEHIND, now + AHEAD)
    for occurrence in near:
        progress = progress_of(here.state, occurrence)
        kept, taken, later = _stepped(here, group, occurrence, progress)
        ahead += [step.at for step in later]
        out += taken
        if kept != progress:
            out += Outcome(puts=(kept,))
    out += _over(here.state, meeting, now, near)
    if meeting.ended is not None and not near:
        return out + Outcome(effects=(Unwake(timer(meeting.group, meeting.number)),))
    return out + _wake(meeting, min(ahead))


def _stepped(
    here: Turn, group: Group, occurrence: Occurrence, progress: Progress
) -> tuple[Progress, Outcome, list[Step]]:
    out, later = NOTHING, []
    for step in program.steps(group, occurrence):
        if step.name in progress.done:
            continue
        if here.now < step.at:
            later.append(step)
            continue
        if here.now < step.until:
            done = step.act(At(here, group, occurrence, progress))
            progress = _newest(done, progress)
            out += replace(done, puts=tuple(p for p in done.puts if not _is_same(p, progress)))
        progress = replace(progress, done=(*progress.done, step.name))
    return progress, out, later


def _newest(done: Outcome, progress: Progress) -> Progress:
    kept = (put for put in done.puts if isinstance(put, Progress) and _is_same(put, progress))
    return next(kept, progress)


def _is_same(put: Record, progress: Progress) -> bool:
    """Say whether it is this very record: one of another kind may have the same key."""
    return (put.kind, put.key) == (progress.kind, progress.key)


def _over(state: State, meeting: Meeting, now: datetime, near: Iterable[Occurrence]) -> Outcome:
    """Let go of what was kept about occurrences that are over, or that the rule has no more."""
    current = {progress_of(state, one).key for one in near}
    old = (p for p in state.of(Progress) if (p.group, p.number) == (meeting.group, meeting.number))
    gone = tuple(p for p in old if p.key not in current and _long_ago(p, now))
    return Outcome(drops=gone)


def _long_ago(progress: Progress, now: datetime) -> bool:
    return progress.was < (now - BEHIND - DAILY).replace(tzinfo=None)


def _wake(meeting: Meeting, at: datetime) -> Outcome:
    event = MeetingDue(meeting.group, meeting.number)
    return Outcome(effects=(Wake(timer(meeting.group, meeting.number), at, event),))
