"""Takes a vote: it may be changed until the close, and is told to nobody."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked
from appservice.domain.polls import showing
from appservice.domain.polls.asking import find
from appservice.domain.polls.course import next_look
from appservice.domain.polls.poll import CONCERNED, How, Poll
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Matter, Text, Values, derive

A_WHILE = timedelta(minutes=1)  # in which changes by button are answered once
LATER = timedelta(hours=3)  # at the latest facilitators hear of a concern


def voted(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome | None:
    """Keep a vote of a member; of none it is taken back."""
    group = turn.groups.get(question.group) if question.group is not None else None
    consent = turn.state.consent(turn.user, group.id) if group is not None else None
    id_ = question.topic.partition(" ")[2]
    poll = find(turn.state, group.id, id_) if group is not None else None
    if group is None or consent is None or poll is None or not poll.is_open(turn.now):
        return turn.answer(notice(Text("poll-over")))
    vote = _vote(poll, choices)
    before = poll.votes.get(turn.user, ())
    if vote == before and not turn.text:
        return turn.silence()  # the same by button, from another device or once more
    silent = not turn.text and _was_just_answered(turn, poll)
    kept = _kept(turn, poll, vote, silent=silent)
    out = Outcome(puts=(kept,))
    if kept.talk != poll.talk:
        others = [one if one.id != kept.id else kept for one in turn.state.of(Poll)]
        out += waking(group.id, Matter.POLLS, next_look(others, group.id, turn.now))
    return out + (turn.silence() if silent else turn.answer(_answer(turn, group, kept, before)))


def _vote(poll: Poll, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Return what counts of the choices: dots may stand on one together, others may not."""
    kept = choices if poll.how is How.DOTS else tuple(dict.fromkeys(choices))
    return tuple(sorted(kept[: poll.most()], key=int))


def _kept(turn: Turn, poll: Poll, vote: tuple[str, ...], *, silent: bool) -> Poll:
    votes = {user: one for user, one in poll.votes.items() if user != turn.user}
    votes |= {turn.user: vote} if vote else {}
    answered = dict(poll.answered) | ({} if silent else {turn.user: turn.now})
    return replace(_with_talk(turn, poll, vote), votes=votes, answered=answered)


def _with_talk(turn: Turn, poll: Poll, vote: tuple[str, ...]) -> Poll:
    """Have facilitators told of a concern, some time later: not to show whose it is."""
    concerned = poll.how is How.CONSENT and bool(CONCERNED & set(vote))
    if not concerned or poll.talk is not None or poll.talked:
        return poll
    share = int(derive("talk", poll.id), 36) % 1000 / 1000
    return replace(poll, talk=turn.now + LATER / 3 + share * LATER * 2 / 3)


def _was_just_answered(turn: Turn, poll: Poll) -> bool:
    last = poll.answered.get(turn.user)
    return last is not None and turn.now - last < A_WHILE


def _answer(turn: Turn, group: Group, poll: Poll, before: tuple[str, ...]) -> Reply:
    vote, name = poll.votes.get(turn.user), group.charter.name
    if vote is None:
        return notice(Text("poll-taken-back"), group=name)
    values: Values = {
        "chosen": showing.chosen(poll, vote),
        "moment": showing.until(poll, zone_of(turn.person, group)),
    }
    lines = [Text("poll-changed" if before else "poll-noted", values)]
    if poll.how is How.CONSENT and CONCERNED & set(vote) and not CONCERNED & set(before):
        lines.append(Text("poll-talk-follows"))
    return notice(*lines, group=name)
