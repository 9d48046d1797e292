"""How a member is asked for a vote in the private chat, reminded of it, and told its end."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.effects import ClosePoll, HandOut, Message
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked
from appservice.domain.polls import showing
from appservice.domain.polls.poll import How, Poll, Stage
from appservice.domain.prompt_timers import fitting, waking
from appservice.domain.prompts import (
    counted,
    has_room,
    welcome,
    zone_of,
)
from appservice.domain.state import State
from appservice.domain.turn import Ask, Ballot, Reply, Turn
from appservice.domain.types import (
    CauseId,
    GroupId,
    Prompt,
    RoomKind,
    Text,
    UserId,
    Values,
    verbatim,
)

ASK, REMIND, OVER = "ask", "remind", "over"
AGAIN = timedelta(days=1)  # when there was no room this week


def prompt(poll: Poll, what: str, user: UserId) -> PromptDue:
    """Name what somebody is written to about: `what` of this vote."""
    return PromptDue(user, poll.group, Prompt.POLL, f"{what} {poll.id}")


def find(state: State, group: GroupId, id_: str) -> Poll | None:
    """Return a vote of a group."""
    polls = (one for one in state.of(Poll) if one.group == group)
    return next((one for one in polls if one.id == id_), None)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again at whether somebody may be written to now; else later, if that still fits."""
    group = state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if turn is None or group is None:
        return NOTHING
    fits = fitting(
        turn, event, group, now, calm=True, counts=False
    )  # a full week is looked at below
    if isinstance(fits, Outcome):
        return fits
    if event.about.startswith(OVER):
        return _over(turn, group, event)
    return _asked(turn, group, event)


def _asked(turn: Turn, group: Group, event: PromptDue) -> Outcome:
    """Ask, or remind, whoever has not voted, while the week has room for it."""
    what, _, id_ = event.about.partition(" ")
    poll = find(turn.state, group.id, id_)
    if poll is None or not poll.is_open(turn.now) or turn.user in poll.votes:
        return NOTHING
    if not has_room(turn.person, turn.now):
        return waking(event, turn.now + AGAIN) if what == ASK else NOTHING
    turn = replace(turn, person=counted(turn.person, turn.now))
    if what == REMIND and _question(turn, id_, group.id) is not None:
        return turn.answer(_reminder(turn, group, poll))
    return ask(turn, group, poll)


def ask(turn: Turn, group: Group, poll: Poll) -> Outcome:
    """Ask for a vote here, by buttons and by numbers; or for another one, until it closes."""
    moment = showing.until(poll, zone_of(turn.person, group))
    lines = [Text("poll-ask", {"group": group.charter.name, "moment": moment})]
    if poll.how in (How.DOTS, How.CONSENT):
        lines.append(Text(showing.HOW[poll.how]))
    if (vote := poll.votes.get(turn.user)) is not None:
        lines.append(Text("poll-yours", {"chosen": showing.chosen(poll, vote)}))
    return turn.answer(
        Reply(
            "poll",
            (Text("card", {"lines": tuple(lines)}),),
            choices=showing.choices(poll),
            ask=Ask(poll.topic, group.id),
            group=group.charter.name,
            poll=Ballot("poll", verbatim(poll.question), poll.most()),
        )
    )


def _reminder(turn: Turn, group: Group, poll: Poll) -> Reply:
    values: Values = {
        "group": group.charter.name,
        "question": poll.question,
        "moment": showing.until(poll, zone_of(turn.person, group)),
    }
    return Reply("reminder", (Text("poll-reminder", values),), group=group.charter.name)


def _over(turn: Turn, group: Group, event: PromptDue) -> Outcome:
    """End the poll in the chat; where there is no noticeboard, the result is said here."""
    id_, name = event.about.partition(" ")[2], group.charter.name
    poll = find(turn.state, group.id, id_)
    out, question = NOTHING, _question(turn, id_, group.id)
    if question is not None and question.poll is not None and question.room is not None:
        why = "poll-ended-stopped" if poll is None else "poll-ended"
        message = Message("result", (Text(why),), turn.language, ("result",), group=name)
        out = Outcome(effects=(ClosePoll(question.room, question.poll, message),))
        asked = closed(turn.person.asked, question.topic, group.id)
        turn = replace(turn, person=replace(turn.person, asked=asked))
    on_board = RoomKind.NOTICEBOARD in group.rooms
    if on_board or poll is None or poll.stage is not Stage.CLOSED:
        return out + turn.silence()
    if not has_room(turn.person, turn.now):
        return out + turn.silence() + waking(event, turn.now + AGAIN)
    turn = replace(turn, person=counted(turn.person, turn.now))
    reply = Reply("result", showing.result(poll), group=name)
    out += turn.answer(reply)
    if (chart := showing.chart(poll)) is not None:
        caption = Message("result", reply.lines, turn.language, ("result",), group=name)
        out += Outcome(effects=(HandOut(turn.room, caption, chart),))
    return out


def _question(turn: Turn, id_: str, group: GroupId) -> Asked | None:
    """Return the open question by which somebody was asked, if they were."""
    mine = (one for one in turn.person.asked if one.group == group and not one.answered)
    return next((one for one in mine if one.topic == f"poll {id_}"), None)
