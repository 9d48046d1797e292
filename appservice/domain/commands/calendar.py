"""calendar: gives you the meetings for your calendar, as a file and at an address of your own."""

from collections.abc import Sequence

from appservice.domain.group import Group
from appservice.domain.meetings import calendar as calendars
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import name_of, named

_PARTS = ("new", "off", "place", "alarm")
SHORT = 2  # words of a text that may be meant for a calendar


def calendar(turn: Turn, rest: str) -> Outcome | None:
    """Do it for the group that is named, or for all of somebody's groups."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, left = named(turn, groups, rest)
    parts = _parts(turn, left)
    if parts is None:
        return turn.answer(_HOW) if len(rest.split()) <= SHORT else None
    if not groups:
        return turn.answer(notice(Text("calendar-none")))
    meant = meant or groups
    if "off" in parts:
        return _off(turn, meant)
    if "new" in parts:
        return _new(turn, meant)
    return _file(turn, meant, parts) + _first_address(turn, meant)


_HOW = Reply("not_understood", (Text("calendar-how"),))


def _parts(turn: Turn, text: str) -> set[str] | None:
    """Return which parts the words after the command name; None where one names none."""
    found = set()
    for word in text.casefold().split():
        part = next((name for name in _PARTS if word in _spellings(turn, name)), None)
        if part is None and word not in _spellings(turn, "filler"):
            return None
        found |= {part} if part else set()
    alone = found & {"new", "off"}
    return None if alone and len(found) > 1 else found


def _spellings(turn: Turn, part: str) -> frozenset[str]:
    words = turn.state.words
    name = f"calendar-{part}"
    return words.synonyms(name, turn.language) | words.synonyms(name, "en")


def _file(turn: Turn, groups: Sequence[Group], parts: set[str]) -> Outcome:
    kept = turn.state.of(Meeting)
    meetings = tuple(
        one for group in groups for one in calendars.current(kept, group.id, turn.now)
    )
    if not meetings:
        return turn.answer(notice(Text("calendar-empty", {"group": name_of(groups)})))
    said = turn.answer(notice(Text("calendar-file-comes")))
    return said + calendars.as_file(turn, meetings, place="place" in parts, alarm="alarm" in parts)


def _first_address(turn: Turn, groups: Sequence[Group]) -> Outcome:
    """Have an address drawn where there is none yet; one that was said is not said again."""
    out = Outcome()
    if turn.state.house.group_pages is not None:
        for group in groups:
            if calendars.feed_of(turn, group) is None:
                out += calendars.drawing(turn, group)
    return out


def _new(turn: Turn, groups: Sequence[Group]) -> Outcome:
    if turn.state.house.group_pages is None:
        return turn.refuse(Text("calendar-no-addresses"))
    out = turn.silence()
    for group in groups:
        out += calendars.drawing(turn, group)
    return out


def _off(turn: Turn, groups: Sequence[Group]) -> Outcome:
    off = calendars.revoked(turn, groups)
    key = "calendar-off" if off.drops else "calendar-off-none"
    return off + turn.answer(notice(Text(key)))
