"""The shelf is looked at in time: facilitators hear once that something is nearly out of date."""

from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import calm_at, is_calm
from appservice.domain.shelf.keeping import SOON, kept, shelf_of, told
from appservice.domain.shelf.shelf import Resource
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import CauseId, Matter, Text, verbatim


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:  # noqa: ARG001
    """Tell facilitators, in one notice, what is to be looked at; each thing once."""
    shelf = shelf_of(state, group.id)
    if group.stage not in ("open", "quiet") or not shelf.resources:
        return NOTHING
    if not is_calm(group, now):
        return waking(group.id, Matter.SHELF, calm_at(group, now))
    over = [one for one in shelf.resources if one.told != "over" and one.expires <= now]
    near = [
        one for one in shelf.resources if not one.told and one.expires - SOON <= now < one.expires
    ]
    if not over and not near:
        return kept(shelf)
    shelf = told(told(shelf, _numbers(over), "over"), _numbers(near), "soon")
    name = Text("resources-look", {"group": group.charter.name})
    lines = (name, *_named("resource-over", over), *_named("resource-soon", near))
    card = Text("card", {"lines": lines})
    places = places_of_facilitators(state, group)
    return kept(shelf) + notices(places, group, card, Text("resources-look-how"))


def _numbers(resources: list[Resource]) -> list[int]:
    return [one.number for one in resources]


def _named(key: str, resources: list[Resource]) -> list[Text]:
    return [
        Text(
            key,
            {
                "number": one.number,
                "title": verbatim(one.entry.title),
                "date": f"{one.expires:%Y-%m-%d}",
            },
        )
        for one in resources
    ]
