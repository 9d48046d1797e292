"""A vote that somebody wants: shown back to them, and a member's to the facilitators first."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.ground_rules.asking import tell
from appservice.domain.group import Group
from appservice.domain.membership import facilitates, places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.polls import showing
from appservice.domain.polls.asking import find
from appservice.domain.polls.course import kept, of_group, opened
from appservice.domain.polls.poll import Poll, Stage
from appservice.domain.polls.wording import Wish
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text, Values, derive

TOPIC = "poll-new"
MOST_OPEN = 5  # votes of a group at once
MOST_WAITING = 10


def proposed(turn: Turn, group: Group, wish: Wish) -> Outcome:
    """Show a vote back to who wrote it; an earlier draft of theirs goes."""
    polls, mine = of_group(turn.state, group.id), not facilitates(turn.user, group)
    if mine and any(one.by == turn.user and one.stage is Stage.WAITS for one in polls):
        return turn.refuse(Text("poll-waits-already"), group=group)
    older = tuple(one for one in polls if one.by == turn.user and one.stage is Stage.DRAFT)
    taken = {one.number for one in polls if one not in older}
    poll = Poll(
        id=derive("poll", turn.cause),
        group=group.id,
        number=next(n for n in range(1, len(taken) + 2) if n not in taken),
        question=wish.question,
        options=wish.options,
        how=wish.how,
        stage=Stage.DRAFT,
        since=turn.now,
        minutes=wish.minutes,
        by=turn.user,
        until=wish.until,
        of_member=mine,
    )
    how = Text("poll-confirm-member" if mine else "poll-confirm", {"number": poll.number})
    reply = Reply("poll", (showing.draft(poll, group), how), group=group.charter.name)
    if not turn.shared:  # there a number may be meant for anybody
        choices = tuple(
            Choice(one, Text(f"choice-{one}"), Text(f"choice-{one}-reply"))
            for one in ("yes", "no")
        )
        reply = replace(reply, choices=choices, ask=Ask(f"{TOPIC} {poll.id}", group.id))
    return Outcome(drops=older) + kept(turn, group, poll) + turn.answer(reply)


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Take a yes or a no to what was shown back."""
    group = turn.groups.get(asked.group) if asked.group is not None else None
    poll = find(turn.state, group.id, asked.topic.partition(" ")[2]) if group else None
    if group is None or poll is None or turn.state.consent(turn.user, group.id) is None:
        return None
    if poll.stage is not Stage.DRAFT:
        return turn.refuse(Text("poll-decided"), group=group)
    turn = replace(
        turn, person=replace(turn.person, asked=closed(turn.person.asked, asked.topic, group.id))
    )
    return accepted(turn, group, poll) if choice == "yes" else dropped(turn, group, poll)


def accepted(turn: Turn, group: Group, poll: Poll) -> Outcome:
    """Open a vote on a facilitator's yes; a member's own yes brings it to the facilitators."""
    if not facilitates(turn.user, group):
        return _suggested(turn, group, poll)
    polls = of_group(turn.state, group.id)
    if sum(one.stage is Stage.OPEN for one in polls) >= MOST_OPEN:
        return turn.refuse(Text("poll-many-open", {"most": MOST_OPEN}), group=group)
    if poll.until is not None and poll.until <= turn.now:
        return turn.refuse(Text("poll-day-gone"), group=group)
    said = _said(poll, "poll-opened")
    told = turn.answer(notice(said, group=group.charter.name))
    return opened(turn, group, poll) + told + _tell_author(turn, group, poll, "poll-yes-to-yours")


def dropped(turn: Turn, group: Group, poll: Poll) -> Outcome:
    """Let go of a draft, or of what a member has suggested."""
    told = turn.answer(notice(_said(poll, "poll-dropped"), group=group.charter.name))
    return Outcome(drops=(poll,)) + told + _tell_author(turn, group, poll, "poll-no-to-yours")


def _suggested(turn: Turn, group: Group, poll: Poll) -> Outcome:
    waiting = [one for one in of_group(turn.state, group.id) if one.stage is Stage.WAITS]
    if len(waiting) >= MOST_WAITING:
        return turn.refuse(Text("poll-many-wait"), group=group)
    poll = replace(poll, stage=Stage.WAITS, since=turn.now)
    lines = (
        Text("poll-suggested"),
        showing.draft(poll, group),
        Text("poll-decide", {"number": poll.number}),
    )
    facilitators = places_of_facilitators(turn.state, group)
    told = notices(facilitators, group, *lines, kind="poll")
    said = turn.answer(notice(Text("poll-waits"), group=group.charter.name))
    return kept(turn, group, poll) + told + said


def _tell_author(turn: Turn, group: Group, poll: Poll, key: str) -> Outcome:
    """Tell a member what became of their suggestion."""
    consent = turn.state.consent(poll.by, group.id)
    if not poll.of_member or poll.stage is not Stage.WAITS or consent is None:
        return Outcome()
    if poll.by == turn.user:
        return Outcome()
    return tell(turn, consent, notice(_said(poll, key), group=group.charter.name))


def _said(poll: Poll, key: str) -> Text:
    values: Values = {"question": poll.question, "number": poll.number}
    return Text(key, values)
