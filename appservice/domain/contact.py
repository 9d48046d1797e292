"""The way to a human: somebody asks a facilitator to write to them."""

from collections.abc import Sequence
from dataclasses import replace

from appservice.domain.asked import closed, waiting
from appservice.domain.duty.who import on_duty, places_on_duty
from appservice.domain.effects import TellOperator
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.outcome import Outcome
from appservice.domain.person import Choice
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import RoomId, Text, UserId, verbatim


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
    asked = Text("contact-asked", {"user": turn.user, "group": groups[0].charter.name})
    return passed_on(done, groups[0], asked)


def passed_on(turn: Turn, group: Group, wish: Text) -> Outcome:
    """Tell a wish to the facilitators on duty; whose it is hears the truth, and numbers."""
    places = places_on_duty(turn.state, group, turn.now)
    on = on_duty(turn.state, group, turn.now)
    told = notices(places, group, wish)
    if not places:
        unheard = TellOperator(Text("operator-contact-unheard"), {"group": group.id})
        told = Outcome(effects=(unheard,))
    numbers = lines_for(turn.state.house, country_of(turn.person, (group,)))
    answer = notice(
        Text(_heard_by(places, on)),
        Text("card", {"lines": (Text("numbers-until-then"), *numbers)}),
        group=group.charter.name,
    )
    return told + turn.answer(answer)


def _which(groups: list[Group]) -> Reply:
    names = [verbatim(group.charter.name) for group in groups]
    choices = tuple(Choice(str(name.values["text"]), name, name) for name in names)
    return Reply("notice", (Text("contact-which"),), choices=choices, ask=Ask("contact"))


def _heard_by(places: Sequence[RoomId], on: Sequence[UserId]) -> str:
    """Name the sentence that tells the truth about who may read a wish, and how soon."""
    if not places:
        return "contact-nobody"
    return "contact-passed-on" if on else "contact-off-duty"
