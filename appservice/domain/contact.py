"""The way to a human: somebody asks a facilitator to write to them."""

from dataclasses import replace

from appservice.domain.asked import closed, waiting
from appservice.domain.cases.case import About
from appservice.domain.cases.opening import Raised
from appservice.domain.flags.raising import raised
from appservice.domain.flags.receipt import wish_receipt
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Choice
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text, verbatim


def offer(turn: Turn) -> tuple[tuple[Choice, ...], Ask | None]:
    """Return the choice for members: by number, or by its word while a question is open."""
    if not turn.consents():
        return (), None
    if waiting(turn.person.asked) is not None:
        return (Choice("contact", Text("choice-contact"), Text("choice-contact-reply")),), None
    return (Choice("contact", Text("choice-contact"), verbatim("1")),), Ask("contact")


def asked_for(turn: Turn, named: str | None = None) -> Outcome:
    """Pass the wish on to the facilitators of the group, or ask which group is meant."""
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    if named is not None:
        groups = [group for group in groups if group.charter.name == named]
    person = replace(turn.person, asked=closed(turn.person.asked, "contact", None))
    done = replace(turn, person=person)
    if not groups:
        return done.answer(notice(Text("contact-no-group")))
    if len(groups) > 1:
        return done.answer(_which(groups))
    return passed_on(done, groups[0])


def passed_on(turn: Turn, group: Group) -> Outcome:
    """Make it a case of care about themselves; they hear its number, the truth, and numbers."""
    case, out = raised(turn, group, Raised(About.ME))
    return out + turn.answer(wish_receipt(turn, group, case))


def _which(groups: list[Group]) -> Reply:
    names = [verbatim(group.charter.name) for group in groups]
    choices = tuple(Choice(str(name.values["text"]), name, name) for name in names)
    return Reply("notice", (Text("contact-which"),), choices=choices, ask=Ask("contact"))
