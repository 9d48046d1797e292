"""What follows when a meeting is planned, moved or called off, whoever did it and however."""

from dataclasses import replace

from appservice.domain.effects import Wake
from appservice.domain.events import MeetingDue
from appservice.domain.group import Group
from appservice.domain.meetings import program
from appservice.domain.meetings.announcing import announced
from appservice.domain.meetings.clock import AHEAD, BEHIND, timer
from appservice.domain.meetings.kept import progress_of
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.outside import published
from appservice.domain.meetings.recurrence import between
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.turn import Turn


def changed(here: Turn, group: Group, before: Meeting | None, after: Meeting) -> Outcome:
    """Keep a meeting as it is now, tell of it, and look at once what is due about it.

    `before`: as it was; None: it is new.
    """
    event = MeetingDue(group.id, after.number)
    wake = Wake(timer(group.id, after.number), here.now, event)
    out = Outcome(puts=(after,), effects=(wake,))
    if before is not None:
        out += _ahead_again(here, group, before, after)
    out += announced(here, group, before, after)
    return out + published(here.state.house, group, after)


def _ahead_again(here: Turn, group: Group, before: Meeting, after: Meeting) -> Outcome:
    """Forget of steps that were taken those whose time lies ahead again, with a later start."""
    out, now = NOTHING, here.now
    old = {one.was: one for one in between(before, now - BEHIND, now + AHEAD)}
    for one in between(after, now - BEHIND, now + AHEAD):
        was = old.get(one.was)
        if was is not None and (was.starts, was.ends) == (one.starts, one.ends):
            continue
        progress = progress_of(here.state, one)
        ahead = {step.name for step in program.steps(group, one) if step.at > now}
        done = tuple(name for name in progress.done if name not in ahead)
        if done != progress.done:
            out += Outcome(puts=(replace(progress, done=done),))
    return out
