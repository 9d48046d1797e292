"""coming: tells me that you come to a meeting, or coming maybe, or coming no."""

from datetime import datetime

from appservice.domain.meetings import rsvp
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.prompts import zone_of
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Moment, Text
from appservice.domain.which import named

TOPIC = "coming"
MOST = 6  # meetings to choose among


def coming(turn: Turn, rest: str) -> Outcome | None:
    """Keep it for the next meeting; with several, ask which."""
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    meant, left = named(turn, groups, rest)
    answer = _answer(turn, left)
    if answer is None:
        return None
    near = rsvp.upcoming(turn.state, meant or groups, turn.now)[:MOST]
    if not near:
        return turn.answer(notice(Text("coming-none")))
    if len(near) == 1:
        return rsvp.answered(turn, near[0], answer)
    choices = tuple(Choice(_name(turn, one), _label(turn, one), _label(turn, one)) for one in near)
    ask = Ask(TOPIC, about=answer)
    return turn.answer(Reply("rsvp", (Text("coming-which"),), choices=choices, ask=ask))


def coming_chosen(turn: Turn, question: Asked, choice: str) -> Outcome:
    """Take which meeting was meant."""
    name, number, was = choice.rsplit(" ", 2)
    group = next((g.id for g in turn.groups.values() if g.charter.name == name), None)
    one = rsvp.found(turn.state, group, int(number), datetime.fromisoformat(was))
    return rsvp.answered(turn, one, question.about)


def _answer(turn: Turn, said: str) -> str | None:
    if not said:
        return "yes"
    folded = said.casefold()
    return next((a for a in rsvp.ANSWERS if folded in spellings(turn, f"coming-{a}")), None)


def _name(turn: Turn, one: Occurrence) -> str:
    group = turn.groups[one.meeting.group]
    return f"{group.charter.name} {one.meeting.number} {one.was.isoformat()}"


def _label(turn: Turn, one: Occurrence) -> Text:
    group = turn.groups[one.meeting.group]
    when = Moment(one.starts, zone_of(turn.person, group), short=True)
    return Text("coming-one", {"group": group.charter.name, "when": when})
