"""What somebody is written to in a meeting that they take part in, each in their private chat.

The end, which brings numbers to call, is for safety; that it is their turn, and that their time is
nearly round, are answers to their own hand. So none of these is counted among the five unasked
messages of a week. All of them rest where somebody wants nothing unasked.
"""

from datetime import datetime, timedelta

from appservice.domain.agenda.cards import closing_lines
from appservice.domain.events import PromptDue
from appservice.domain.floor.floor import Floor
from appservice.domain.group import Group
from appservice.domain.helplines import country_of
from appservice.domain.meetings.kept import near, progress_of
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import awake_at, welcome, zone_of
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import CauseId, GroupId, Text

_USEFUL = timedelta(minutes=15)


def about(what: str, occurrence: Occurrence) -> str:
    """Name what is said, and in which occurrence: what, number, wall time by the rule."""
    return f"{what} {occurrence.meeting.number} {occurrence.was.isoformat()}"


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: the meeting goes on, and they may be there."""
    what, number, was = event.about.split()
    turn, group = (
        welcome(state, event.user, event.group, cause, now),
        state.groups.get(event.group),
    )
    found = _occurrence(state, event.group, int(number), datetime.fromisoformat(was), now)
    if turn is None or group is None or found is None:
        return NOTHING
    match what:
        case "close":
            return _ended(turn, group, found)
        case "turn":
            return _their_turn(turn, group, floor_of(state, found))
        case _:
            return _nudged(turn, group, floor_of(state, found))


def floor_of(state: State, occurrence: Occurrence) -> Floor | None:
    """Return who speaks and who waits in an occurrence; None: nobody has raised a hand yet."""
    key = occurrence.meeting.group, occurrence.meeting.number, occurrence.was
    return next((one for one in state.of(Floor) if (one.group, one.number, one.was) == key), None)


def _ended(turn: Turn, group: Group, occurrence: Occurrence) -> Outcome:
    """Say how it ends, to whoever has not said that they do not come."""
    now, ends = turn.now, occurrence.ends
    if not ends <= now < ends + _USEFUL or not _may_be_there(turn, occurrence):
        return NOTHING
    zone = zone_of(turn.person, group)
    if awake_at(turn.person, zone, now) != now:
        return NOTHING
    country = country_of(turn.person, (group,))
    said = closing_lines(turn.state, group, occurrence, country, zone)
    return turn.answer(Reply("meeting_close", said, group=group.charter.name))


def _may_be_there(turn: Turn, occurrence: Occurrence) -> bool:
    """Say whether somebody takes part: they said so, or wrote to us in it; else if nobody did."""
    coming = progress_of(turn.state, occurrence).coming
    floor = floor_of(turn.state, occurrence)
    seen = floor is not None and turn.user in (floor.welcomed.keys() | floor.turns.keys())
    return seen or coming.get(turn.user, "yes" if not coming else "no") != "no"


def _their_turn(turn: Turn, group: Group, floor: Floor | None) -> Outcome:
    if floor is None or turn.user not in floor.speaking:
        return NOTHING
    return turn.answer(notice(Text("floor-your-turn"), group=group.charter.name))


def _nudged(turn: Turn, group: Group, floor: Floor | None) -> Outcome:
    since = floor.speaking.get(turn.user) if floor is not None else None
    if floor is None or since is None or not floor.minutes:
        return NOTHING
    if turn.now < since + timedelta(minutes=floor.minutes):
        return NOTHING
    return turn.answer(notice(Text("floor-time"), group=group.charter.name))


def _occurrence(
    state: State, group: GroupId, number: int, was: datetime, now: datetime
) -> Occurrence | None:
    """Return the occurrence as it is by now; None if it is not now, or not at all."""
    about_now = near(state, group, now - timedelta(hours=1), now + timedelta(hours=1))
    named = (one for one in about_now if (one.meeting.number, one.was) == (number, was))
    return next(named, None)
