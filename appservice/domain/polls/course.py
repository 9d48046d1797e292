"""The course of a vote: opened, looked after by its group's timer, closed, and let go of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import HandOut, Message
from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.membership import current, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.polls import showing
from appservice.domain.polls.asking import ASK, OVER, REMIND, prompt
from appservice.domain.polls.counting import counted
from appservice.domain.polls.poll import CONCERNED, Poll, Stage
from appservice.domain.prompt_timers import soon
from appservice.domain.prompts import calm_at, is_calm
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, GroupId, Matter, RoomId, RoomKind, Text, Values

REMINDED = timedelta(days=1)  # before the close; of a short vote in its last quarter
DAILY = timedelta(days=1)
LEFT = {Stage.DRAFT: timedelta(days=7), Stage.WAITS: timedelta(days=14)}
KEPT = timedelta(days=7)  # how long its result can be asked for


def of_group(state: State, group: GroupId) -> tuple[Poll, ...]:
    """Return the votes of a group by their numbers."""
    found = (poll for poll in state.of(Poll) if poll.group == group)
    return tuple(sorted(found, key=lambda poll: poll.number))


def kept(here: Turn, group: Group, poll: Poll) -> Outcome:
    """Keep a new vote, or one that is at another stage, and look after it."""
    others = [one for one in here.state.of(Poll) if one.id != poll.id]
    look = next_look([*others, poll], group.id, here.now)
    return Outcome(puts=(poll,)) + waking(group.id, Matter.POLLS, look)


def opened(here: Turn, group: Group, poll: Poll) -> Outcome:
    """Open a vote: every member is asked in private, and the noticeboard tells of it."""
    closes = poll.until or here.now + timedelta(minutes=poll.minutes)
    poll = replace(poll, stage=Stage.OPEN, since=here.now, closes=closes)
    values: Values = {
        "question": poll.question,
        "moment": showing.until(poll, group.charter.zone),
    }
    out = kept(here, group, poll) + _prompts(here, group, poll, ASK)
    return out + notices(_board(group), group, Text("poll-on-board", values), kind="poll")


def closed(here: Turn, group: Group, poll: Poll) -> Outcome:
    """Close a vote: single votes go, and what may be told of them is told."""
    poll = replace(
        poll,
        stage=Stage.CLOSED,
        since=here.now,
        votes={},
        answered={},
        talk=None,
        result=counted(poll),
    )
    lines = showing.result(poll)
    out = kept(here, group, poll) + notices(_board(group), group, *lines, kind="result")
    if (chart := showing.chart(poll)) is not None:
        language, name = group.charter.language, group.charter.name
        caption = Message("result", lines, language, ("result",), group=name)
        out += Outcome(effects=tuple(HandOut(b, caption, chart) for b in _board(group)))
    return out + _prompts(here, group, poll, OVER)


def stopped(here: Turn, group: Group, poll: Poll) -> Outcome:
    """End a vote without a result; nothing of it is kept."""
    out = Outcome(drops=(poll,))
    if poll.stage is not Stage.OPEN:
        return out
    told = Text("poll-stopped-board", {"question": poll.question})
    return out + notices(_board(group), group, told) + _prompts(here, group, poll, OVER)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look at all votes of a group; one that is quiet is left in peace."""
    polls = of_group(state, group.id)
    if group.stage == "closed" or not polls:
        return NOTHING
    if group.stage == "quiet":
        return waking(group.id, Matter.POLLS, now + DAILY)
    here, out, left = nowhere(state, cause, now, group.charter.language), NOTHING, []
    for poll in polls:
        done = _looked(here, group, poll)
        out += done
        changed = next((put for put in done.puts if isinstance(put, Poll)), poll)
        left += [] if poll in done.drops else [changed]
    if not left:
        return out + resting(group.id, Matter.POLLS)
    look = max(next_look(left, group.id, now), calm_at(group, now))
    return out + waking(group.id, Matter.POLLS, look)


def next_look(polls: Iterable[Poll], group: GroupId, now: datetime) -> datetime:
    """Return when something about the votes of a group is due."""
    moments = (moment for poll in polls if poll.group == group for moment in _moments(poll))
    return min(moments, default=now + DAILY)


def _moments(poll: Poll) -> tuple[datetime, ...]:
    if poll.stage is Stage.CLOSED:
        return (poll.since + KEPT,)
    if poll.stage is not Stage.OPEN or poll.closes is None:
        return (poll.since + LEFT[poll.stage],)
    recall = () if poll.reminded else (_recalled_at(poll, poll.closes),)
    talk = () if poll.talk is None else (poll.talk,)
    return (*recall, *talk, poll.closes)


def _recalled_at(poll: Poll, closes: datetime) -> datetime:
    return closes - min(REMINDED, (closes - poll.since) / 4)


def _looked(here: Turn, group: Group, poll: Poll) -> Outcome:
    if poll.stage is Stage.OPEN and poll.closes is not None:
        return _looked_at_open(here, group, poll, poll.closes)
    lasts = KEPT if poll.stage is Stage.CLOSED else LEFT[poll.stage]
    return Outcome(drops=(poll,)) if here.now - poll.since >= lasts else NOTHING


def _looked_at_open(here: Turn, group: Group, poll: Poll, closes: datetime) -> Outcome:
    if here.now >= closes:
        return closed(here, group, poll) if is_calm(group, here.now) else NOTHING
    out, after = NOTHING, poll
    if poll.talk is not None and here.now >= poll.talk:
        still = any(CONCERNED & set(vote) for vote in poll.votes.values())
        after = replace(after, talk=None, talked=still)
        out += _talk(here, group, poll) if still else NOTHING
    if not poll.reminded and here.now >= _recalled_at(poll, closes):
        after = replace(after, reminded=True)
        out += _prompts(here, group, poll, REMIND)
    return out if after == poll else out + Outcome(puts=(after,))


def _talk(here: Turn, group: Group, poll: Poll) -> Outcome:
    """Tell facilitators that a talk is wanted, with words for the circle; never by whom."""
    values: Values = {"question": poll.question}
    lines = Text("poll-talk", values), Text("poll-talk-card", values)
    return notices(places_of_facilitators(here.state, group), group, *lines)


def _prompts(here: Turn, group: Group, poll: Poll, what: str) -> Outcome:
    """Have every member written to, each at another moment of the window."""
    out = NOTHING
    for consent in current(here.state.consents, group):
        event = prompt(poll, what, consent.user)
        out += soon(event, here.now)
    return out


def _board(group: Group) -> tuple[RoomId, ...]:
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    return () if board is None else (board,)
