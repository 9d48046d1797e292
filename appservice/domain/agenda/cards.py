"""Cards for who leads a meeting: what is next, in words that can be forwarded to the circle."""

from collections.abc import Mapping

from appservice.domain.agenda.hosts import places_of_hosts
from appservice.domain.agenda.items import CLOSING, FOCUS, Slot
from appservice.domain.agenda.nearest import nearest
from appservice.domain.agenda.shown import focus_lines, title
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.steps import At
from appservice.domain.outcome import Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import Moment, Text

_WORDS: Mapping[str, Text] = {
    "welcome": Text("agenda-card-welcome"),
    "rules": Text("agenda-card-rules"),
    "round": Text("agenda-card-round"),
    "focus": Text("agenda-card-focus"),
    "sharing": Text("agenda-card-sharing"),
    "resources": Text("agenda-card-resources"),
    "aftercare": Text("agenda-card-aftercare"),
}
RULES = Text("meeting-rules")
HOW = Text("meeting-how")


def card(slot: Slot, at: At) -> Outcome:
    """Tell who leads which part begins, with words to forward."""
    item = slot.item
    now = Text("agenda-card-now", {"title": title(item), "minutes": item.minutes})
    words = [_WORDS[item.part]] if item.part in _WORDS else []
    if item.part == "rules":
        words.append(RULES)
    if item.part == FOCUS and (topics := focus_lines(at.here.state, at.group, at.occurrence)):
        words.append(Text("card", {"lines": (Text("agenda-card-topics"), *topics)}))
    if item.part == "aftercare":
        words.append(numbers(at.here.state, country_of(None, (at.group,))))
    return _to_facilitators(at, now, *words)


def closing(at: At) -> Outcome:
    """Tell who leads that ten minutes are left, with the ritual to end with."""
    return _to_facilitators(at, Text("closing-card-now"), Text("closing-card"))


def debrief(at: At) -> Outcome:
    """Ask who led two questions to talk about; what they answer is theirs and not for us."""
    return _to_facilitators(at, Text("debrief"), kind="notice")


def opening_lines() -> tuple[Text, ...]:
    """Return what everybody reads when a meeting begins: the rules in short, and what to write."""
    return Text("meeting-open"), RULES, HOW


def closing_lines(
    state: State,
    group: Group,
    occurrence: Occurrence,
    country: str | None,
    zone: str | None = None,
) -> tuple[Text, ...]:
    """Return what everybody reads at the end: kind words, numbers to call, and the next date.

    `zone`: on whose clocks that is told; None: on the meeting's own.
    """
    said = [Text("meeting-close"), numbers(state, country)]
    after = nearest(state, group.id, occurrence.ends)
    if after is not None:
        when = Moment(after.starts, zone or after.meeting.zone)
        said.append(Text("meeting-next", {"when": when}))
    return tuple(said)


def is_carded(slot: Slot) -> bool:
    """Say whether a part has a card of its own when it begins; the closing one comes by itself."""
    return slot.item.part != CLOSING


def numbers(state: State, country: str | None) -> Text:
    """Return whom to call or write to, of a country."""
    lines = (Text("meeting-numbers"), *lines_for(state.house, country))
    return Text("card", {"lines": lines})


def _to_facilitators(at: At, *lines: Text, kind: str = "agenda") -> Outcome:
    places = places_of_hosts(at.here.state, at.group, at.here.now)
    return notices(places, at.group, *lines, kind=kind)
