"""Before words go on without a name, their writer is asked once whether they are to go."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain.application import EventIn
from appservice.domain.asked import closed
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import EventId, Text
from appservice.domain.unsigned import line, question
from appservice.domain.unsigned.written import Written
from appservice.domain.which import choices as named_choices
from appservice.domain.yes_no import YES_NO

TOPIC = "unsigned"
LONGEST = 1000  # characters
_PREVIEWS: Mapping[str, Text] = {
    "line": Text("line-preview"),
    "question": Text("question-preview"),
}


def previewed(turn: Turn, what: str, command: str) -> Outcome | None:
    """Say who will read it, and ask; None: it cannot be told where the words begin.

    `what`: line or question. `command`: whose word stands before the words that are meant.
    """
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    if not groups:
        return turn.answer(notice(Text("unsigned-no-group")))
    if len(turn.text) > LONGEST:
        return turn.refuse(Text("unsigned-too-long", {"most": LONGEST}))
    lead = _lead(turn, command)
    if lead is None:
        return None
    topic = f"{TOPIC} {what} {turn.event} {lead}"
    lines: tuple[Text, ...] = (_PREVIEWS[what],)
    if len(groups) == 1:
        name = groups[0].charter.name
        ask = Ask(topic, groups[0].id)
        return turn.answer(Reply("question", lines, choices=YES_NO, ask=ask, group=name))
    no = Choice("no", Text("choice-no"), Text("choice-no-reply"))
    choices = (*named_choices(groups, all_of_them=False), no)
    lines = (*lines, Text("unsigned-which"))
    return turn.answer(Reply("question", lines, choices=choices, ask=Ask(topic)))


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Let the words go, or let them be."""
    _, what, event, lead = asked.topic.split(" ")
    done = closed(turn.person.asked, asked.topic, asked.group)
    turn = replace(turn, person=replace(turn.person, asked=done))
    group = _group(turn, asked, choice)
    if choice == "no" or group is None:
        return turn.answer(notice(Text("unsigned-not-sent")))
    place = EventIn(asked.room or turn.room, EventId(event))
    return _SENT[what](turn, group, Written(turn.user, place, int(lead)))


def _group(turn: Turn, asked: Asked, choice: str) -> Group | None:
    own = [turn.groups[consent.group] for consent in turn.consents()]
    return next((g for g in own if asked.group == g.id or choice == g.charter.name), None)


def _lead(turn: Turn, command: str) -> int | None:
    """Count the words of the command's own word, as it was written."""
    words = turn.text.casefold().split()
    for said in sorted(spellings(turn, command), key=len, reverse=True):
        count = len(said.split())
        if " ".join(words[:count]).strip(" .,:;!?-\"'") == said:
            return count
    return None


_SENT: Mapping[str, Callable[[Turn, Group, Written], Outcome]] = {
    "line": line.sent,
    "question": question.sent,
}
