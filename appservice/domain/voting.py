"""Answers to our polls, by their buttons or by numbers, and who takes them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import marked, of_poll
from appservice.domain.devices import verify_first
from appservice.domain.events import PollAnswered
from appservice.domain.meetings import rsvp
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Person
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn, language_of
from appservice.domain.types import Assurance, CauseId, Text

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
    if question.answered:
        return turn.answer(_OVER)
    vote = _VOTES.get(question.topic.partition(" ")[0])
    if vote is None:
        return None
    person = replace(turn.person, asked=marked(turn.person.asked, question))
    return vote(replace(turn, person=person), question, choices)


def unclear(turn: Turn, question: Asked) -> Outcome:
    """Say which numbers there are."""
    last = len(question.choices)
    numbers = Text("poll-number", {"last": last})
    if question.most > 1:
        numbers = Text("poll-numbers", {"last": last, "most": question.most})
    return turn.answer(Reply("not_understood", (numbers,)))


_Vote = Callable[[Turn, Asked, tuple[str, ...]], Outcome | None]
_VOTES: Mapping[str, _Vote] = {
    "rsvp": rsvp.voted,
}
"""By the first word of a poll's topic."""
