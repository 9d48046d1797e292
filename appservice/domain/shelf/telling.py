"""How links are told: to members what is good still, to facilitators all of it."""

from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.shelf.shelf import Entry, Resource, Shelf, Suggestion
from appservice.domain.suggesting import in_order
from appservice.domain.types import Text, Values, verbatim


def for_members(group: Group, shelf: Shelf, now: datetime) -> tuple[Text, ...]:
    """Say what is on the shelf, each with who says so and when somebody looked at it."""
    name: Values = {"group": group.charter.name}
    shown = [_said("resource-line", one) for one in shelf.current(now)]
    if not shown:
        return (Text("resources-none", name), Text("suggest-how"))
    return (Text("resources-title", name), *shown, Text("suggest-how"))


def for_facilitators(group: Group, shelf: Shelf, now: datetime) -> tuple[Text, ...]:
    """Say everything: what is good still, what is out of date, and what waits for a word."""
    name: Values = {"group": group.charter.name}
    lines = [Text("resources-title" if shelf.resources else "resources-none", name)]
    lines += [
        _said("resource-line-until" if now < one.expires else "resource-line-over", one)
        for one in shelf.resources
    ]
    waiting = in_order(shelf.suggested)
    if waiting:
        lines.append(Text("suggestions-title"))
        lines += [suggestion(one) for one in waiting]
    return (*lines, Text("resource-words"))


def suggestion(one: Suggestion) -> Text:
    """Say a link that waits, without a name."""
    return Text("resource-line-suggested", _values(one.number, one.entry))


def _said(key: str, one: Resource) -> Text:
    days = {"reviewed": f"{one.reviewed:%Y-%m-%d}", "expires": f"{one.expires:%Y-%m-%d}"}
    values: Values = {**_values(one.number, one.entry), **days}
    return Text(key, values)


def _values(number: int, entry: Entry) -> Values:
    more = [Text("resource-is-medical")] if entry.medical else []
    more += [verbatim(entry.note)] if entry.note else []
    below = Text("resource-below", {"lines": tuple(more)}) if more else verbatim("")
    return {
        "number": number,
        "title": verbatim(entry.title),
        "link": verbatim(entry.link),
        "source": verbatim(entry.source),
        "more": below,
    }
