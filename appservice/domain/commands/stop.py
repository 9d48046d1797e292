"""stop: ends what we are in the middle of; I forget your answers."""

from dataclasses import replace

from appservice.domain.asked import closed, waiting
from appservice.domain.gate.application import abandoned
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def stop(turn: Turn, rest: str) -> Outcome | None:
    """End the newest open dialogue; an application is deleted with it."""
    if rest:
        return None
    person = turn.person
    for passing in ("contact", "leave"):
        person = replace(person, asked=closed(person.asked, passing, None))
    applications = turn.applications()
    if not applications:
        return replace(turn, person=person).answer(notice(Text("nothing-open")))
    asked = waiting(person.asked)
    ended = next(
        (a for a in applications if asked is not None and a.group == asked.group), applications[-1]
    )
    person = replace(person, asked=closed(person.asked, "gate", ended.group))
    said = notice(Text("stopped"), group=turn.groups[ended.group].charter.name)
    return abandoned(turn.state, ended) + replace(turn, person=person).answer(said)
