"""An agenda as it reads: each part with its minutes, and what was chosen to talk about."""

from collections.abc import Mapping, Sequence

from appservice.domain.agenda.items import Item, Slot, items_of, slots, total
from appservice.domain.agenda.topics import Chosen, Topics, listed
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.state import State
from appservice.domain.types import GroupId, Moment, Text, Values, verbatim

HINT = Text("agenda-hint")
"""For whoever is told of a meeting: one word shows its agenda."""

_TITLES: Mapping[str, Text] = {
    "welcome": Text("agenda-part-welcome"),
    "rules": Text("agenda-part-rules"),
    "round": Text("agenda-part-round"),
    "focus": Text("agenda-part-focus"),
    "sharing": Text("agenda-part-sharing"),
    "resources": Text("agenda-part-resources"),
    "closing": Text("agenda-part-closing"),
    "aftercare": Text("agenda-part-aftercare"),
}


def length(occurrence: Occurrence) -> int:
    """Return how many minutes it lasts."""
    return int((occurrence.ends - occurrence.starts).total_seconds()) // 60


def slots_of(occurrence: Occurrence) -> tuple[Slot, ...]:
    """Return the parts of an occurrence, each at its time."""
    return slots(items_of(occurrence.meeting.agenda, length(occurrence)))


def title(item: Item) -> Text:
    """Return what a part is called."""
    return verbatim(item.title) if item.title else _TITLES[item.part]


def lines(
    state: State, group: Group, occurrence: Occurrence, zone: str | None = None
) -> tuple[Text, ...]:
    """Return the agenda of an occurrence, to be said as paragraphs; `zone`: the reader's."""
    when = Moment(occurrence.starts, zone or occurrence.meeting.zone)
    head = Text("agenda-title", {"group": group.charter.name, "when": when})
    said = [Text("card", {"lines": (head, *map(_line, slots_of(occurrence)))})]
    topics = topics_of(state, group.id)
    if chosen := chosen_for(topics, occurrence):
        said.append(Text("card", {"lines": (Text("agenda-chosen"), *map(_chosen, chosen))}))
    return tuple(said)


def numbered(items: Sequence[Item]) -> Text:
    """Return the parts as facilitators change them, by number."""
    return Text(
        "card",
        {
            "lines": tuple(
                Text(
                    "agenda-numbered",
                    {"number": at, "title": title(item), "minutes": item.minutes},
                )
                for at, item in enumerate(items, start=1)
            )
        },
    )


def fault(items: Sequence[Item], minutes: int) -> Text | None:
    """Say that the parts are longer than the meeting, where they are."""
    if total(items) <= minutes:
        return None
    return Text("agenda-too-long", {"total": total(items), "minutes": minutes})


def topics_of(state: State, group: GroupId) -> Topics:
    """Return what is kept of a group's topics, which may be nothing yet."""
    return state.known(Topics(group))


def chosen_for(topics: Topics, occurrence: Occurrence) -> tuple[Chosen, ...]:
    """Return what a vote has put onto the agenda of an occurrence."""
    key = occurrence.meeting.number, occurrence.was
    found = (one.topics for one in topics.results if (one.number, one.was) == key)
    return next(found, ())


def focus_lines(state: State, group: Group, occurrence: Occurrence) -> tuple[Text, ...]:
    """Return the topics to choose from in the meeting: those of the vote, else all."""
    topics = topics_of(state, group.id)
    chosen = tuple(verbatim(one.title) for one in chosen_for(topics, occurrence))
    return chosen or tuple(verbatim(one.title) for one in listed(topics))


def _line(slot: Slot) -> Text:
    values: Values = {
        "begins": int(slot.begins.total_seconds()) // 60,
        "ends": int(slot.ends.total_seconds()) // 60,
        "title": title(slot.item),
    }
    return Text("agenda-line", values)


def _chosen(chosen: Chosen) -> Text:
    return Text("agenda-topic", {"title": verbatim(chosen.title), "dots": chosen.dots})
