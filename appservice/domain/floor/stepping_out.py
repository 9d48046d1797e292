"""Somebody leaves a meeting for a while: those who lead are told what they choose to say."""

from dataclasses import replace

from appservice.domain.agenda.nearest import going_on
from appservice.domain.asked import closed
from appservice.domain.contact import passed_on
from appservice.domain.floor.kept import meeting_of
from appservice.domain.floor.speaking import taken_down
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text

TOPIC = "step-out"
_CHOICES = (
    Choice("step-fine", Text("choice-step-fine"), Text("choice-step-fine")),
    Choice("step-check", Text("choice-step-check"), Text("choice-step-check")),
    Choice("step-alone", Text("choice-step-alone"), Text("choice-step-alone")),
)


def asked(turn: Turn) -> Outcome | None:
    """Ask what those who lead are to know; nobody is told anything before the answer."""
    found = meeting_of(turn)
    if found is None:
        return None
    group, _ = found
    ask = Ask(TOPIC, group.id)
    reply = Reply(
        "notice", (Text("step-out"),), choices=_CHOICES, ask=ask, group=group.charter.name
    )
    return turn.answer(reply)


def answered(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Tell those who lead what was chosen, and nothing else; None: the group is not theirs."""
    group = turn.groups.get(question.group) if question.group is not None else None
    if group is None or turn.state.consent(turn.user, group.id) is None:
        return None
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, group.id))
    turn = replace(turn, person=person)
    out = _out_of_line(turn, group)
    if choice == "step-check":
        return out + checked_on(turn, group)
    is_fine = choice == "step-fine"
    told = Text("stepped-fine" if is_fine else "stepped-alone", {"user": turn.user})
    places = places_of_facilitators(turn.state, group, but=turn.user)
    out += notices(places, group, told)
    kind = Text("step-out-fine" if is_fine else "step-out-alone")
    return out + turn.answer(notice(kind, group=group.charter.name))


def check_on_me(turn: Turn) -> Outcome | None:
    """Ask those on duty to look after somebody; it may be their answer to why they step out."""
    open_ones = (one for one in turn.person.asked if one.topic == TOPIC and not one.answered)
    if (question := next(open_ones, None)) is not None:
        return answered(turn, question, "step-check")
    found = meeting_of(turn)
    return None if found is None else checked_on(turn, found[0])


def checked_on(turn: Turn, group: Group) -> Outcome:
    """Pass the wish on, and tell the truth: nobody has answered yet."""
    return passed_on(turn, group)


def _out_of_line(turn: Turn, group: Group) -> Outcome:
    occurrence = going_on(turn.state, group.id, turn.now)
    return NOTHING if occurrence is None else taken_down(turn, group, occurrence)
