"""!question: shows questions without a name that wait, and puts one to the group or not."""

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId
from appservice.domain.unsigned import question

LONGEST_NUMBER = 6  # digits
_DECIDES = ("approve", "decline")


def group_question(turn: Turn, rest: str) -> Outcome:
    """Decide about the number that is named; without one, show them all."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    words = rest.casefold().split()
    if not words:
        return _shown(turn, group)
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= LONGEST_NUMBER]
    said = [name for name in _DECIDES if spellings(turn, f"question-{name}") & set(words)]
    if (len(words), len(numbers), len(said)) != (2, 1, 1):
        return _answer(turn, group, "question-decide-how")
    author = _author(turn, group, numbers[0])
    if author is None:
        return _answer(turn, group, "question-no-such")
    approved = said[0] == "approve"
    done = question.decided(turn, group, author, approved=approved)
    key = "question-was-approved" if approved else "question-was-declined"
    return done + turn.answer(notice(Text(key, {"number": numbers[0]}), group=group.charter.name))


def _shown(turn: Turn, group: Group) -> Outcome:
    if not question.of_group(turn.state, group).waiting:
        return turn.answer(notice(Text("question-none"), group=group.charter.name))
    return question.shown(turn, group)


def _author(turn: Turn, group: Group, number: int) -> UserId | None:
    waiting = question.of_group(turn.state, group).waiting
    return next((user for user, one in waiting.items() if one.number == number), None)


def _answer(turn: Turn, group: Group, key: str) -> Outcome:
    return turn.refuse(Text(key), group=group)
