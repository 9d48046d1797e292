"""Who waits at the door of a group, as facilitators see them and name them."""

from dataclasses import replace

from appservice.domain.application import Application, Waiting
from appservice.domain.effects import Quote, Say
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Decision, Group
from appservice.domain.outcome import Outcome
from appservice.domain.state import State
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, Values, verbatim

LONGEST_NUMBER = 9  # digits
_DECIDED = {
    "accepted": "decided-accepted",
    "waitlisted": "decided-waitlisted",
    "declined": "decided-declined",
}


def named(turn: Turn, rest: str) -> tuple[Group, Application, int] | Outcome:
    """Return whom a facilitator means by a number, or the answer that says why nobody.

    Without a number it is the first on the list for a place, else the first of all. What stands
    behind the number is a reason, and reasons are not kept.
    """
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    number = _number(rest) if rest else first(turn.state, group)
    if number is None:
        return turn.refuse(Text("applicant-whom" if rest else "applicants-none"), group=group)
    application = numbered(turn.state, group, number)
    if application is None:
        before = decided_before(group, number)
        return turn.refuse(before or Text("applicant-unknown", {"number": number}), group=group)
    return group, application, number


def waiting_in(state: State, group: Group) -> list[tuple[Waiting, Application]]:
    """Return who waits in a group, in the order in which they came."""
    found = [
        (application.waiting, application)
        for application in state.applications
        if application.group == group.id and application.waiting is not None
    ]
    return sorted(found, key=lambda pair: pair[0].number)


def first(state: State, group: Group) -> int | None:
    """Return the number of whoever is first on the list for a place, else first at all."""
    numbers = [(not waiting.listed, waiting.number) for waiting, _ in waiting_in(state, group)]
    return min(numbers)[1] if numbers else None


def numbered(state: State, group: Group, number: int) -> Application | None:
    """Return who waits under a number."""
    return next((a for w, a in waiting_in(state, group) if w.number == number), None)


def listed(state: State, group: Group) -> Text:
    """Say who waits, one short line each."""
    lines = []
    for waiting, application in waiting_in(state, group):
        values: Values = {
            "number": waiting.number,
            "user": application.user,
            "date": f"{waiting.since:%Y-%m-%d}",
        }
        lines.append(Text("applicant-line-listed" if waiting.listed else "applicant-line", values))
    if not lines:
        return Text("applicants-none")
    return Text("card", {"lines": (Text("applicants-title"), *lines, Text("applicants-how"))})


def shown(turn: Turn, group: Group, application: Application, number: int) -> Outcome:
    """Show somebody's answers, if there are any still: the keeper quotes them as it speaks."""
    values: Values = {"number": number, "user": application.user}
    questions = tuple(verbatim(question) for question in group.charter.questions)
    answers = tuple(zip(questions, application.answers, strict=False))
    kept = "applicant-answers" if any(place for _, place in answers) else "applicant-no-answers"
    lines = (Text("applicant-shown", values), Text(kept))
    said = turn.answer(notice(*lines, group=group.charter.name))
    if kept == "applicant-no-answers":
        return said
    quotes = (
        Quote(turn.room, effect.message, application.user, group.id, answers)
        for effect in said.effects
        if isinstance(effect, Say)
    )
    return replace(said, effects=tuple(quotes))


def decided_before(group: Group, number: int) -> Text | None:
    """Say who has decided about a number already; None if nobody has."""
    for decision in reversed(group.decisions):
        if decision.number == number:
            return said_of(decision)
    return None


def said_of(decision: Decision) -> Text:
    """Say who has decided what."""
    return Text(_DECIDED[decision.what], {"number": decision.number, "by": decision.by})


def _number(rest: str) -> int | None:
    word = rest.split(maxsplit=1)[0]
    return int(word) if word.isdecimal() and len(word) < LONGEST_NUMBER else None
