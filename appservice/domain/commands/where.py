"""where: tells where your next meeting takes place, with your own link if it needs one."""

from collections.abc import Sequence
from datetime import timedelta

from appservice.domain.effects import Message, ShowPlace, Visit
from appservice.domain.group import Group
from appservice.domain.meetings import place
from appservice.domain.meetings.kept import near
from appservice.domain.meetings.meeting import PlaceKind
from appservice.domain.meetings.outside import hosts
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text
from appservice.domain.which import named

AHEAD = timedelta(days=35)


def where(turn: Turn, rest: str) -> Outcome | None:
    """Take the meeting that runs or comes next, of the group that is named or of any."""
    own = [consent for consent in turn.consents() if not consent.pauses]
    groups = [turn.groups[consent.group] for consent in own]
    meant, left = named(turn, groups, rest)
    if left:
        return None
    if not groups and turn.consents():
        return turn.answer(notice(Text("where-paused")))
    found = _next(turn, meant or groups)
    if found is None:
        return turn.answer(notice(Text("where-none")))
    return _told(turn, *found)


def _next(turn: Turn, groups: Sequence[Group]) -> tuple[Group, Occurrence] | None:
    coming = [
        (group, one)
        for group in groups
        if group.stage in ("open", "closing")
        for one in near(turn.state, group.id, turn.now, turn.now + AHEAD)
    ]
    return min(coming, key=lambda pair: pair[1].starts, default=None)


def _told(turn: Turn, group: Group, one: Occurrence) -> Outcome:
    moment = Moment(one.starts, zone_of(turn.person, group))
    when = Text("where-when", {"group": group.charter.name, "at": moment})
    if one.meeting.place.kind is not PlaceKind.JITSI:
        return turn.answer(notice(when, place.told(one.meeting), group=group.charter.name))
    if not turn.state.house.video:  # it was there when the meeting was planned
        return turn.answer(notice(when, Text("place-video-gone"), group=group.charter.name))
    if turn.now < one.starts - place.DOORS_OPEN:
        return turn.answer(notice(when, place.told(one.meeting), group=group.charter.name))
    return turn.answer(notice(when, group=group.charter.name)) + _link(turn, group, one)


def _link(turn: Turn, group: Group, one: Occurrence) -> Outcome:
    """Have a personal link made when it is said, since it lasts for minutes only."""
    host = hosts(one.meeting, group, turn.user)
    key = "place-link-host" if host else "place-link-own"
    name = group.charter.name
    message = Message("notice", (Text(key),), turn.language, ("notice",), group=name)
    visit = Visit(group.id, one.meeting.number, one.was, host=host)
    return Outcome(effects=(ShowPlace(turn.room, message, visit),))
