"""!meeting: plans meetings, moves them, calls them off, and lists them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.meetings import planning
from appservice.domain.meetings.asking import Draft, asks, decided, next_number
from appservice.domain.meetings.choosing import ahead, dates, numbered, targets
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.place import refusal
from appservice.domain.meetings.place_words import host_of
from appservice.domain.meetings.rules import too_many
from appservice.domain.meetings.shown import card
from appservice.domain.meetings.when import MOST_READINGS, Hearing, Wish, heard, read
from appservice.domain.membership import current
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings, subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId

STAGES = ("open", "quiet", "closing")
_ANSWERS = ("yes", "no")


def meeting(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, list; any other words are a time to plan."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if group.stage not in STAGES:
        return turn.refuse(Text("meeting-when-open"), group=group)
    if (answer := _answer(turn, rest)) is not None:
        return decided(turn, group, answer)
    name, words = subcommand(turn, rest, "meeting", _DOING) or ("plan", rest)
    return _DOING[name if rest else "list"](turn, group, words)


def _list(turn: Turn, group: Group, _: str) -> Outcome:
    meetings = ahead(turn.state, group, _hearing(turn, group))
    if not meetings:
        return turn.answer(notice(Text("meeting-none"), Text("meeting-words"), group=_name(group)))
    lines = tuple(
        Text("meeting-item", {"n": one.number, "card": card(one, turn.now, 2)}) for one in meetings
    )
    return turn.answer(notice(*lines, group=_name(group)))


def _plan(turn: Turn, group: Group, words: str) -> Outcome:
    hearing = _hearing(turn, group)
    if len(ahead(turn.state, group, hearing)) >= planning.MOST:
        return turn.refuse(Text("meeting-many", {"most": planning.MOST}), group=group)
    wishes = read(words, hearing)
    if isinstance(wishes, Text):
        return turn.refuse(wishes, Text("meeting-words"), group=group)
    drafts = [_draft(turn, group, wish) for wish in wishes]
    good = [draft for draft in drafts if isinstance(draft, Draft)]
    if good:
        return asks(turn, group, good)
    return turn.refuse(*(draft for draft in drafts[:1] if isinstance(draft, Text)), group=group)


def _draft(turn: Turn, group: Group, wish: Wish) -> Draft | Text:
    host = _host(turn, group, wish.host)
    if isinstance(host, Text):
        return host
    if wish.place is not None and (fault := refusal(wish.place, group, turn.state.house)):
        return fault
    made = planning.planned(wish, group, next_number(turn.state, group), host)
    made, note = planning.within(made, group.charter)
    none = Text("rule-never") if not planning.coming(made, turn.now) else None
    return too_many(made) or none or Draft(made, note=note)


def _move(turn: Turn, group: Group, words: str) -> Outcome:
    hearing = _hearing(turn, group)
    pieces, between = words.split(), spellings(turn, "when-to")
    at = next((i for i, piece in enumerate(pieces) if piece.casefold() in between), None)
    if at is None or at + 1 == len(pieces):
        return turn.refuse(Text("meeting-move-how"), group=group)
    found = dates(ahead(turn.state, group, hearing), " ".join(pieces[:at]), hearing)
    said = heard(" ".join(pieces[at + 1 :]), hearing)
    if isinstance(found, Text):
        return turn.refuse(found, group=group)
    if isinstance(said, Text):
        return turn.refuse(said, group=group)
    to = [(one, wall) for one in found for wall in targets(one, said, hearing)]
    if not to:
        return turn.refuse(Text("when-past"), group=group)
    drafts = [
        Draft(planning.moved(one.meeting, one.was, wall, said.minutes), one.meeting)
        for one, wall in to
        if wall != one.planned or said.minutes is not None
    ]
    if not drafts:
        return turn.refuse(Text("meeting-move-how"), group=group)
    return asks(turn, group, drafts[:MOST_READINGS])


def _cancel(turn: Turn, group: Group, words: str) -> Outcome:
    hearing = _hearing(turn, group)
    found = dates(ahead(turn.state, group, hearing), words, hearing)
    if isinstance(found, Text):
        return turn.refuse(found, group=group)
    drafts = [
        Draft(planning.cancelled(one.meeting, one.was, turn.now), one.meeting) for one in found
    ]
    return asks(turn, group, drafts[:MOST_READINGS])


def _end(turn: Turn, group: Group, words: str) -> Outcome:
    def over(one: Meeting, left: str) -> Meeting | Text:
        return planning.ended(one, turn.now) if not left else Text("meeting-words")

    return _changed(turn, group, words, over)


def _hosted(turn: Turn, group: Group, words: str) -> Outcome:
    def by(one: Meeting, left: str) -> Meeting | Text:
        host = _host(turn, group, left) if left else Text("meeting-host-how")
        return host if isinstance(host, Text) else replace(one, host=host)

    return _changed(turn, group, words, by)


def _placed(turn: Turn, group: Group, words: str) -> Outcome:
    def there(one: Meeting, left: str) -> Meeting | Text:
        said = heard(left, _hearing(turn, group))
        if isinstance(said, Text):
            return said
        if said.place is None:
            return Text("meeting-place-how")
        return refusal(said.place, group, turn.state.house) or replace(one, place=said.place)

    return _changed(turn, group, words, there)


def _lasting(turn: Turn, group: Group, words: str) -> Outcome:
    def long(one: Meeting, left: str) -> Meeting | Text:
        said = heard(f"{left}m" if left.isdecimal() else left, _hearing(turn, group))
        if isinstance(said, Text):
            return said
        if said.minutes is None:
            return Text("meeting-length-how")
        return replace(one, minutes=said.minutes)

    return _changed(turn, group, words, long)


def _changed(
    turn: Turn, group: Group, words: str, change: Callable[[Meeting, str], Meeting | Text]
) -> Outcome:
    """Show one meeting as it is after a change."""
    found = numbered(ahead(turn.state, group, _hearing(turn, group)), words)
    if isinstance(found, Text):
        return turn.refuse(found, group=group)
    before, left = found
    after = change(before, left)
    if isinstance(after, Text):
        return turn.refuse(after, group=group)
    return asks(turn, group, [Draft(replace(after, sequence=before.sequence + 1), before)])


def _host(turn: Turn, group: Group, named: str | None) -> UserId | Text | None:
    if named is None:
        return None
    members = frozenset(consent.user for consent in current(turn.state.consents, group))
    return host_of(named, members)


def _answer(turn: Turn, rest: str) -> str | None:
    """Return the answer to what was shown: yes, no, or the number of a reading."""
    if rest.isdecimal():
        return rest
    return next((a for a in _ANSWERS if rest.casefold() in spellings(turn, a)), None)


def _hearing(turn: Turn, group: Group) -> Hearing:
    return Hearing.of(turn, group.charter.zone)


def _name(group: Group) -> str:
    return group.charter.name


_Doing = Callable[[Turn, Group, str], Outcome]
_DOING: Mapping[str, _Doing] = {
    "list": _list,
    "plan": _plan,
    "move": _move,
    "cancel": _cancel,
    "end": _end,
    "host": _hosted,
    "place": _placed,
    "length": _lasting,
}
