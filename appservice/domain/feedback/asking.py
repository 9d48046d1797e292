"""After a meeting whoever said that they come, or spoke, is asked three short questions."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from appservice.domain.events import PromptDue
from appservice.domain.feedback import did
from appservice.domain.feedback.records import AfterMeetings, Feedback, NoFeedback
from appservice.domain.floor.in_meeting import floor_of
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking as waking_group
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.steps import At, Step
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.prompt_timers import fitting, soon
from appservice.domain.prompts import welcome
from appservice.domain.state import State
from appservice.domain.turn import Ask, Ballot, Reply, Turn
from appservice.domain.types import CauseId, GroupId, Matter, Prompt, Text, UserId

TOPIC = "feedback"
AFTER = timedelta(minutes=10)  # the end of the meeting
OPEN_FOR = timedelta(days=3)
QUESTIONS: Mapping[str, Text] = {
    "safe": Text("feedback-safe"),
    "heard": Text("feedback-heard"),
    "useful": Text("feedback-useful"),
}
ANSWERS: Mapping[str, Text] = {
    "agree-it": Text("feedback-agree"),
    "partly": Text("feedback-partly"),
    "not": Text("feedback-not"),
}


def steps(group: Group, one: Occurrence) -> Iterable[Step]:
    """Begin it ten minutes after the end; a day later nobody is asked any more."""
    del group
    yield Step("feedback", one.ends + AFTER, one.ends + timedelta(days=1), _begun)


def asks(state: State, group: GroupId) -> bool:
    """Say whether a group asks after its meetings; it does unless facilitators switched it off."""
    return not state.known(AfterMeetings(group)).off


def _begun(at: At) -> Outcome:
    state, group, one, now = at.here.state, at.group, at.occurrence, at.here.now
    users = _there(at)
    if not users or not asks(state, group.id):
        return NOTHING
    new = Feedback(group.id, one.meeting.number, one.was, one.ends, one.ends + OPEN_FOR)
    closes = [other.closes for other in state.of(Feedback) if other.group == group.id]
    out = Outcome(puts=(new,))
    out += waking_group(group.id, Matter.FEEDBACK, min([*closes, new.closes]))
    for user in users:
        event = PromptDue(user, group.id, Prompt.FEEDBACK, new.about)
        out += soon(event, now)
    return out


def _there(at: At) -> list[UserId]:
    """Return who said that they come, and who spoke by the keeper's queue, each once."""
    came = [user for user, word in at.progress.coming.items() if word == "yes"]
    floor = floor_of(at.here.state, at.occurrence)
    spoke = (*floor.turns, *floor.speaking) if floor is not None else ()
    return list(dict.fromkeys((*came, *spoke)))


def find(state: State, group: GroupId, about: str) -> Feedback | None:
    """Return the feedback about an occurrence; None: it is closed."""
    own = (one for one in state.of(Feedback) if (one.group, one.about) == (group, about))
    return next(own, None)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Ask the first question, once, of whoever is awake and wants to be asked."""
    if event.about == did.ABOUT:
        return did.prompted(state, event, cause, now)
    kept, group = find(state, event.group, event.about), state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if kept is None or group is None or turn is None or now >= kept.closes:
        return NOTHING
    if not wants(state, event.user, event.group) or _was_asked(turn, kept):
        return NOTHING
    fits = fitting(turn, event, group, now, until=kept.closes)
    if isinstance(fits, Outcome):
        return fits
    intro = Text("feedback-intro", {"group": group.charter.name})
    first = next(iter(QUESTIONS))
    return asked(fits, group, kept, first, intro)


def asked(turn: Turn, group: Group, kept: Feedback, question: str, *lines: Text) -> Outcome:
    """Ask one of the questions, by a native poll and in plain text."""
    choices = tuple(Choice(id_, label, label) for id_, label in ANSWERS.items())
    return turn.answer(
        Reply(
            "feedback_ask",
            lines,
            choices=choices,
            ask=Ask(f"{TOPIC} {question}", group.id, kept.about),
            group=group.charter.name,
            poll=Ballot("feedback_ask", QUESTIONS[question]),
        )
    )


def wants(state: State, user: UserId, group: GroupId) -> bool:
    """Say whether somebody is asked after meetings of a group; they are, unless they said no."""
    return state.own(NoFeedback, user, group) is None


def _was_asked(turn: Turn, kept: Feedback) -> bool:
    return any(
        one.group == kept.group and one.about == kept.about and is_ours(one)
        for one in turn.person.asked
    )


def is_ours(asked: Asked) -> bool:
    """Say whether a question is one of these."""
    return asked.dialogue == TOPIC
