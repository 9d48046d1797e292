"""The questions of a flag, one after the other, each with what was said so far."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from appservice.domain.cases.case import About
from appservice.domain.flags.draft import Draft
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import Text
from appservice.domain.yes_no import YES_NO

TOPIC = "flag"
UNDISTURBED = timedelta(hours=1)


class Step(StrEnum):
    """What is asked; the second word of a question's topic."""

    GROUP = "group"
    TRACK = "track"
    URGENT = "urgent"
    WHOM = "whom"
    SHARE = "share"
    MORE = "more"
    PREVIEW = "preview"


def _choice(id_: str) -> Choice:
    label = Text(_LABELS[id_])
    return Choice(id_, label, label)


_LABELS = {
    "me": "choice-flag-me",
    "other": "choice-flag-other",
    "behaviour": "choice-flag-behaviour",
    "facilitator": "choice-flag-facilitator",
    "lead": "choice-flag-lead",
    "just": "choice-flag-just",
    "three": "choice-flag-three",
    "words": "choice-flag-words",
    "nothing": "choice-flag-nothing",
    "enough": "choice-flag-enough",
    "change": "choice-flag-change",
}
STOP = Choice("stop", Text("choice-flag-stop"), Text("choice-flag-stop-reply"))
PREVIEW_CHOICES = (
    Choice("send", Text("choice-flag-yes"), Text("choice-yes-reply")),
    _choice("change"),
    replace(STOP, id="send-nothing"),
)


def is_flag(asked: Asked) -> bool:
    """Say whether a question belongs to a flag."""
    return asked.dialogue == TOPIC


def step_of(asked: Asked) -> Step:
    """Return what a question of a flag asks."""
    return Step(asked.topic.partition(" ")[2])


def open_question(turn: Turn) -> Asked | None:
    """Return the question of a flag that is open in this chat."""
    here = (one for one in reversed(turn.person.asked) if one.room == turn.room)
    return next((one for one in here if is_flag(one) and not one.answered), None)


def goes_back(turn: Turn) -> bool:
    """Say whether somebody wants to begin the flag anew that is open in this chat."""
    said = turn.text.casefold().strip(" .!")
    return open_question(turn) is not None and said in spellings(turn, "flag-back")


def is_writing(person: Person, now: datetime) -> bool:
    """Say whether somebody is in the middle of a flag, so that no other question comes between."""
    drafts = [one.flag for one in person.asked if one.flag is not None and not one.answered]
    return any(d.begun is not None and now - d.begun < UNDISTURBED for d in drafts)


def let_go(person: Person) -> Person:
    """End every question of a flag, and forget what was said."""
    asked = tuple(
        replace(one, answered=True, flag=None) if is_flag(one) else one for one in person.asked
    )
    return replace(person, asked=asked)


def ask(turn: Turn, group: Group, draft: Draft, step: Step, *first: Text) -> Outcome:
    """Ask the next question, below what is to be said before it."""
    kind, number, words = _QUESTIONS[step]
    line, choices = words(group, draft)
    reply = Reply(
        kind,
        (*first, line),
        choices=choices,
        ask=Ask(f"{TOPIC} {step}", group.id, flag=draft),
        group=group.charter.name,
        step=number,
    )
    return replace(turn, person=let_go(turn.person)).answer(reply)


_Words = tuple[Text, tuple[Choice, ...]]


def _track(group: Group, draft: Draft) -> _Words:  # noqa: ARG001
    return Text("flag-track"), tuple(_choice(about.value) for about in About)


def _urgent(group: Group, draft: Draft) -> _Words:  # noqa: ARG001
    return Text("flag-urgent"), YES_NO


def _whom(group: Group, draft: Draft) -> _Words:  # noqa: ARG001
    lead = (_choice("lead"),) if group.charter.lead is not None else ()
    return Text("flag-whom"), (YES_NO[1], _choice("facilitator"), *lead)


def _share(group: Group, draft: Draft) -> _Words:  # noqa: ARG001
    if draft.shared:
        return Text("flag-share-more"), (_choice("enough"), _choice("three"))
    if draft.about is About.ME:
        return Text("flag-share-me"), (_choice("words"), _choice("nothing"))
    return Text("flag-share"), tuple(_choice(id_) for id_ in ("just", "three", "words"))


def _more(group: Group, draft: Draft) -> _Words:  # noqa: ARG001
    line = Text("flag-send-now") if draft.coming == 1 else Text("flag-send-three")
    return line, (_choice("enough"), STOP)


def _preview(group: Group, draft: Draft) -> _Words:  # noqa: ARG001
    return Text("flag-send-it"), PREVIEW_CHOICES


_QUESTIONS: Mapping[Step, tuple[str, str, Callable[[Group, Draft], _Words]]] = {
    Step.TRACK: ("flag_track", "1/5", _track),
    Step.URGENT: ("flag_urgent", "2/5", _urgent),
    Step.WHOM: ("flag_track", "3/5", _whom),
    Step.SHARE: ("flag_disclosure", "4/5", _share),
    Step.MORE: ("flag_disclosure", "4/5", _more),
    Step.PREVIEW: ("flag_preview", "5/5", _preview),
}
