"""Answers to our polls, by their buttons or by numbers, and who takes them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from appservice.domain.agenda import topic_vote
from appservice.domain.asked import marked, of_poll
from appservice.domain.checkins import answering
from appservice.domain.devices import verify_first
from appservice.domain.events import PollAnswered
from appservice.domain.feedback import answering as feedback
from appservice.domain.meetings import rsvp
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Person
from appservice.domain.polls import voting as polls
from appservice.domain.state import State
from appservice.domain.times import asking as times
from appservice.domain.turn import Reply, Turn, language_of
from appservice.domain.types import Assurance, CauseId, Text, verbatim

_OVER = Reply("notice", (Text("poll-over"),))


def voted(state: State, event: PollAnswered, cause: CauseId, now: datetime) -> Outcome:
    """Take an answer that was given by the buttons of a poll."""
    room = state.room
    alone = room is not None and not room.crowded and room.user in (None, event.user)
    if not alone or event.assurance is Assurance.PLAIN:
        return NOTHING
    person = state.person or Person(event.user)
    language = language_of(state, person)
    turn = Turn(state, event.room, person, language, cause, now, event=event.event)
    if event.assurance is Assurance.UNSIGNED:
        return verify_first(turn, has_signed_device=event.has_signed_device)
    question = of_poll(person.asked, event.poll)
    if question is None:
        return turn.answer(_OVER)
    if not {choice.id for choice in question.choices}.issuperset(event.answers):
        return turn.answer(Reply("not_understood", (Text("poll-unknown-answer"),)))
    # MSC3381: of more than may be chosen the first count
    answers = tuple(dict.fromkeys(event.answers))[: question.most]
    return taken(turn, question, answers) or NOTHING


def taken(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome | None:
    """Hand an answer to whoever asked; no choices: an earlier answer is taken back."""
    question = _newest(turn.person, question)
    if question.answered:
        return turn.answer(_OVER)
    vote = _VOTES.get(question.dialogue)
    if vote is None:
        return None
    person = replace(turn.person, asked=marked(turn.person.asked, question))
    return vote(replace(turn, person=person), question, choices)


def _newest(person: Person, question: Asked) -> Asked:
    """Return the question that took this one's place, where the same was asked once more."""
    same = (a for a in person.asked if (a.topic, a.group) == (question.topic, question.group))
    return next((one for one in same if not one.answered), question)


def unclear(turn: Turn, question: Asked) -> Outcome:
    """Say which numbers there are."""
    last = len(question.choices)
    numbers = Text("poll-number", {"last": last})
    same = (c.id for c in question.choices if c.label == verbatim(c.id))
    if own := [id_ for id_ in same if id_.isdigit()]:  # choices that are numbers themselves
        numbers = Text("poll-number-of", {"first": own[0], "last": own[-1]})
    if question.most > 1:
        numbers = Text("poll-numbers", {"last": last, "most": question.most})
    return turn.answer(Reply("not_understood", (numbers,)))


_Vote = Callable[[Turn, Asked, tuple[str, ...]], Outcome | None]
_VOTES: Mapping[str, _Vote] = {
    "poll": polls.voted,
    topic_vote.TOPIC: topic_vote.voted,
    "times": times.taken,
    "times-maybe": times.taken,
    "checkin": answering.voted,
    "feedback": feedback.voted,
    "rsvp": rsvp.voted,
}
"""By the first word of a poll's topic."""
