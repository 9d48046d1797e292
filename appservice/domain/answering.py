"""An answer in a private chat: which open question it is for, and what takes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain import allowing, erasure, milestones, sweeping, voting
from appservice.domain.asked import (
    Answer,
    Stale,
    let_go,
    read,
    statements,
    target,
)
from appservice.domain.buddies import wishing as buddies
from appservice.domain.cases import claiming
from appservice.domain.checkins.answering import reached
from appservice.domain.choosing import Said, statement_of
from appservice.domain.commands.coming import coming_chosen
from appservice.domain.commands.leave import leave_chosen
from appservice.domain.commands.pause import pause_chosen, pause_unclear
from appservice.domain.commands.return_ import return_chosen
from appservice.domain.conduct import appealing
from appservice.domain.conduct import asking as conduct
from appservice.domain.contact import asked_for
from appservice.domain.drafting import talk
from appservice.domain.duty import drill, swapping
from appservice.domain.events import MessageSaid
from appservice.domain.flags import talk as flags
from appservice.domain.flags.asking import open_question
from appservice.domain.floor import stepping_out
from appservice.domain.gate import walk
from appservice.domain.ground_rules import answers
from appservice.domain.group_life import splitting
from appservice.domain.joint import asking as joint
from appservice.domain.meetings import asking as meetings_asking
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.paging import proving
from appservice.domain.person import Asked
from appservice.domain.polls import drafts
from appservice.domain.roles.answers import answered as role_answered
from appservice.domain.team_care import rest
from appservice.domain.turn import Turn
from appservice.domain.unsigned import preview
from appservice.domain.which import which_of


def taken(turn: Turn, event: MessageSaid) -> Outcome | None:
    """Take a message as an answer to an open question; None: it was not meant as one."""
    heard = said(turn, event)
    match read(turn.person.asked, heard, turn.state.words):
        case Stale():
            return NOTHING
        case Answer(asked=question, choices=choices) if question.poll is not None:
            return voting.taken(turn, question, choices)
        case Answer() as answer:
            return _answered(turn, event, answer)
        case _:
            return _unanswered(turn, heard)


def _answered(turn: Turn, event: MessageSaid, answer: Answer) -> Outcome | None:
    asked, words = turn.person.asked, turn.state.words
    wanted = statements(asked, said(turn, event), words) if event.reply_to is None else ()
    if answer.choice == "agree" and len(wanted) > 1:
        return which_of(turn, wanted)
    return _chosen(turn, answer.asked, answer.choice)


def _unanswered(turn: Turn, heard: Said) -> Outcome | None:
    """Take what chooses nothing as meant for the open question, if there is one."""
    open_one = target(turn.person.asked, heard) or open_question(turn)
    if open_one is None:
        return None
    wanted = statements(turn.person.asked, heard, turn.state.words)
    if open_one.topic == talk.TOPIC and wanted:
        return which_of(turn, wanted) if len(wanted) > 1 else _chosen(turn, wanted[0], "agree")
    flagged = open_question(turn) if heard.reply_to is None else None
    meant = _unclear(turn, open_one)  # words of a flag count, whatever was asked meanwhile
    return meant or (flags.heard(turn, flagged) if flagged is not None else None)


def _unclear(turn: Turn, question: Asked) -> Outcome | None:
    if question.poll is not None:
        return voting.unclear(turn, question)
    return (
        flags.heard(turn, question)
        or walk.heard(turn, question)
        or appealing.heard(turn, question)
        or walk.unclear(turn, question)
        or answers.unclear(turn, question)
        or pause_unclear(turn, question)
        or joint.unclear(turn, question)
        or talk.said(turn, question)
    )


def said(turn: Turn, event: MessageSaid) -> Said:
    """Return the message as questions read it: a number or word in any language that is spoken."""
    tags = tuple(dict.fromkeys((turn.language, *turn.state.words.languages())))
    return Said(turn.text, turn.room, event.reply_to, tags)


def _chosen(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    answer = _ANSWERS.get(question.dialogue)
    return None if answer is None else answer(turn, question, choice)


def _agreed_to(turn: Turn, question: Asked, name: str) -> Outcome | None:
    """Take the sentence that was written before for the group that was named."""
    for asked in turn.person.asked:
        group = turn.groups.get(asked.group) if asked.group is not None else None
        if group is None or group.charter.name != name or asked.answered:
            continue
        if statement_of(asked) is not None:
            person = replace(turn.person, asked=let_go(turn.person.asked))
            sentence = question.topic.partition(" ")[2]
            return _chosen(replace(turn, event=sentence, person=person), asked, "agree")
    return None


_Answer = Callable[[Turn, Asked, str], Outcome | None]
_ANSWERS: Mapping[str, _Answer] = {
    "agree": _agreed_to,
    "allow": allowing.answered,
    "applying": lambda turn, question, _: walk.skipped(turn, question),
    "buddy-ask": buddies.answered,
    "buddy-offer": buddies.answered,
    "case": claiming.answered,
    "coming": coming_chosen,
    "conduct": conduct.answered,
    "contact": lambda turn, _, choice: asked_for(turn, None if choice == "contact" else choice),
    "draft": talk.answered,
    "flag": flags.answered,
    "drill": drill.answered,
    "forget": lambda turn, _, choice: erasure.answered(turn, choice),
    "gate": walk.answered,
    "joint": joint.answered,
    "meeting": meetings_asking.answered,
    "leave": lambda turn, _, choice: leave_chosen(turn, choice),
    "milestone": milestones.answered,
    "page": proving.answered,
    "pause": pause_chosen,
    "pause-long": pause_chosen,
    "poll-new": drafts.answered,
    "reach": reached,
    "redact": lambda turn, _, choice: sweeping.answered(turn, choice),
    "renewal": answers.answered,
    "rest": rest.answered,
    "return": lambda turn, _, choice: return_chosen(turn, choice),
    "role": role_answered,
    "split": splitting.answered,
    "step-out": stepping_out.answered,
    "swap": swapping.answered,
    "unsigned": preview.answered,
}
