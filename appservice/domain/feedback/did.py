"""You said, we did: what facilitators made of feedback, told to everybody every four weeks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.events import PromptDue
from appservice.domain.feedback.records import Did
from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import fitting, soon
from appservice.domain.prompts import (
    calm_at,
    is_calm,
    welcome,
)
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import CauseId, GroupId, Matter, Prompt, RoomKind, Text, verbatim

ABOUT = "did"  # of the prompts in which a small group is told
EVERY = timedelta(weeks=4)
USEFUL_FOR = timedelta(days=2)


def of_group(state: State, group: GroupId) -> Did:
    """Return the lines of a group."""
    return state.known(Did(group))


def added(kept: Did, line: str, now: datetime) -> Outcome:
    """Keep one more line; four weeks after the first of them all are told."""
    out = Outcome(puts=(replace(kept, lines=(*kept.lines, line)),))
    return out if kept.lines else out + waking(kept.group, Matter.DONE, now + EVERY)


def dropped(kept: Did, number: int) -> Outcome:
    """Let go of a line by its number, from 1."""
    lines = kept.lines[: number - 1] + kept.lines[number:]
    out = Outcome(puts=(replace(kept, lines=lines),))
    return out if lines else out + resting(kept.group, Matter.DONE)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Tell what waits, on a calm day, in a group that is open."""
    del cause
    kept = of_group(state, group.id)
    if not kept.lines or group.stage == "closed":
        return NOTHING
    if not is_calm(group, now):
        return waking(group.id, Matter.DONE, calm_at(group, now))
    if group.stage != "open":
        return waking(group.id, Matter.DONE, now + timedelta(days=1))
    return posted(state, group, now)


def posted(state: State, group: Group, now: datetime) -> Outcome:
    """Tell it on the noticeboard; members of a small group are written to."""
    kept = of_group(state, group.id)
    after = replace(kept, lines=(), told=(), told_at=None)
    out = resting(group.id, Matter.DONE)
    if board := group.rooms.get(RoomKind.NOTICEBOARD):
        said = notices((board,), group, said_of(group, kept.lines))
        return out + Outcome(puts=(after,)) + said
    out += Outcome(puts=(replace(after, told=kept.lines, told_at=now),))
    for consent in current(state.consents, group):
        event = PromptDue(consent.user, group.id, Prompt.FEEDBACK, ABOUT)
        out += soon(event, now)
    return out


def prompted(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Tell one member of a small group, while it is news."""
    kept, group = of_group(state, event.group), state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    old = kept.told_at is None or now - kept.told_at >= USEFUL_FOR
    if group is None or turn is None or old or not is_calm(group, now):
        return NOTHING
    fits = fitting(turn, event, group, now)
    if isinstance(fits, Outcome):
        return fits
    return _in_chat(fits, group, kept.told)


def said_of(group: Group, lines: Sequence[str]) -> Text:
    """Say the lines below a title."""
    title = Text("did-title", {"group": group.charter.name})
    each = (Text("list-line", {"line": verbatim(line)}) for line in lines)
    return Text("card", {"lines": (title, *each)})


def _in_chat(turn: Turn, group: Group, lines: Sequence[str]) -> Outcome:
    return turn.answer(Reply("feedback", (said_of(group, lines),), group=group.charter.name))
