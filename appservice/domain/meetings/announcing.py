"""Tells the group what is new about its meetings: planned, moved, called off, somewhere else.

Full size: the noticeboard, and in private whoever said that they come when that is moved or called
off. Small groups: everybody in private. Word that a time does not hold any more is not counted
among the unasked messages, comes after `off` and `snooze` too, and within a day of that time it
does not wait for the morning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.meetings import place
from appservice.domain.meetings.kept import find, progress_of
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.planning import coming
from appservice.domain.meetings.recurrence import Occurrence, instant, occurrence
from appservice.domain.meetings.shown import card
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import waking
from appservice.domain.prompts import awake_at, counted, has_room, welcome, zone_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import CauseId, Moment, Prompt, RoomKind, Text, UserId

NEAR = timedelta(hours=24)


class What(StrEnum):
    """What may be new about a meeting."""

    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"
    ENDED = "ended"
    CHANGED = "changed"  # another place or length


@dataclass(frozen=True)
class News:
    """What is new; of one occurrence its wall time by the rule, and where it was before."""

    what: What
    was: datetime | None = None
    before: datetime | None = None  # wall time at which it would have been

    @property
    def is_urgent(self) -> bool:
        """Say whether somebody may rely on a time that does not hold any more."""
        return self.what in (What.MOVED, What.CANCELLED, What.ENDED)


def news(before: Meeting | None, after: Meeting, now: datetime) -> tuple[News, ...]:
    """Compare a meeting with what it was; what lies in the past is no news."""
    if before is None:
        return (News(What.NEW),) if coming(after, now) else ()
    had, has = coming(before, now), coming(after, now)
    if had and not has:
        if not before.rule:
            return (News(What.CANCELLED, before.start, had[0].planned),)
        return (News(What.ENDED, had[0].was, had[0].planned),)
    off = [was for was in after.cancelled if was not in before.cancelled]
    old = {was: occurrence(before, was) for was in (*off, *_moved(before), *_moved(after))}
    ahead = {was: one for was, one in old.items() if one.starts > now}
    found = [News(What.CANCELLED, was, ahead[was].planned) for was in off if was in ahead]
    for was, one in ahead.items():
        if was not in after.cancelled and occurrence(after, was).starts != one.starts:
            found.append(News(What.MOVED, was, one.planned))
    if (before.place, before.minutes) != (after.place, after.minutes) and has:
        found.append(News(What.CHANGED))
    return tuple(found)


def announced(here: Turn, group: Group, before: Meeting | None, after: Meeting) -> Outcome:
    """Tell it on the noticeboard, and in private who has to know it there."""
    out = NOTHING
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    for one in news(before, after, here.now):
        if board is not None:
            out += notices([board], group, said(group, after, one, after.zone, here.now))
        for user in _concerned(here, group, after, one):
            event = PromptDue(user, group.id, Prompt.NEWS, _about(after, one))
            out += waking(event, here.now)
    return out


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Tell somebody in private, if it still holds and is still ahead."""
    number, one = _read(event.about)
    group, meeting = state.groups.get(event.group), find(state, event.group, number)
    turn = welcome(state, event.user, event.group, cause, now, must_know=one.is_urgent)
    if turn is None or group is None or meeting is None or not _holds(meeting, one, now):
        return NOTHING
    person = turn.person
    zone = zone_of(person, group)
    moment = awake_at(person, zone, now)
    if moment > now and not _is_near(meeting, one, now):
        return waking(event, moment)
    if not one.is_urgent:
        if not has_room(person, now):
            return NOTHING
        person = counted(person, now)
    told = notice(said(group, meeting, one, zone, now), group=group.charter.name)
    return Turn(state, turn.room, person, turn.language, cause, now).answer(told)


def said(group: Group, meeting: Meeting, one: News, zone: str, now: datetime) -> Text:
    """Say what is new, with times on the clocks of a zone."""
    name = group.charter.name
    match one.what:
        case What.NEW:
            first = Text("meeting-new", {"group": name})
            return Text("card", {"lines": (first, card(meeting, now, zone=zone))})
        case What.MOVED if one.was is not None and one.before is not None:
            moments = {
                "before": Moment(instant(one.before, meeting.zone), zone, short=True),
                "when": Moment(occurrence(meeting, one.was).starts, zone),
            }
            return Text("meeting-moved", {"group": name, **moments})
        case What.CANCELLED if one.before is not None:
            when = Moment(instant(one.before, meeting.zone), zone)
            line = Text("meeting-cancelled", {"group": name, "when": when})
            following = next(iter(coming(meeting, now)), None)
            if following is None:
                return line
            then = Text("meeting-next-is", {"when": Moment(following.starts, zone)})
            return Text("card", {"lines": (line, then)})
        case What.ENDED if one.before is not None:
            when = Moment(instant(one.before, meeting.zone), zone)
            return Text("meeting-ended", {"group": name, "when": when})
        case _:
            return _changed(group, meeting, zone, now)


def _changed(group: Group, meeting: Meeting, zone: str, now: datetime) -> Text:
    when = tuple(
        Text("meeting-next-is", {"when": Moment(one.starts, zone)}) for one in coming(meeting, now)
    )
    length = Text("meeting-length", {"minutes": meeting.minutes})
    first = Text("meeting-changed", {"group": group.charter.name})
    return Text("card", {"lines": (first, *when, length, place.told(meeting))})


def _concerned(here: Turn, group: Group, meeting: Meeting, one: News) -> list[UserId]:
    """Return who is told in private: in a small group all, else who said that they come.

    Whoever has changed it knows.
    """
    everybody = (consent.user for consent in current(here.state.consents, group))
    members = [user for user in everybody if user != here.user]
    if RoomKind.NOTICEBOARD not in group.rooms:
        return members
    if not one.is_urgent or one.was is None:
        return []
    coming_ = progress_of(here.state, occurrence(meeting, one.was)).coming
    return [user for user in members if coming_.get(user) in ("yes", "maybe")]


def _holds(meeting: Meeting, one: News, now: datetime) -> bool:
    """Say whether it is still so, and still ahead."""
    if one.before is not None and one.what is not What.MOVED:
        gone = not any(o.was == one.was for o in coming(meeting, now))
        return gone and instant(one.before, meeting.zone) > now
    if one.was is not None:
        ahead = _moved_to(meeting, one.was)
        return ahead is not None and ahead.starts > now
    return bool(coming(meeting, now))


def _is_near(meeting: Meeting, one: News, now: datetime) -> bool:
    if one.before is None:
        return False
    times = [instant(one.before, meeting.zone)]
    if one.what is What.MOVED and one.was is not None:
        times.append(occurrence(meeting, one.was).starts)
    return min(times) - now <= NEAR


def _moved_to(meeting: Meeting, was: datetime) -> Occurrence | None:
    gone = meeting.ended is not None or was in meeting.cancelled
    return None if gone else occurrence(meeting, was)


def _moved(meeting: Meeting) -> tuple[datetime, ...]:
    return tuple(one.was for one in meeting.moved)


def _about(meeting: Meeting, one: News) -> str:
    times = (at.isoformat() if at is not None else "-" for at in (one.was, one.before))
    return " ".join((str(meeting.number), one.what, *times))


def _read(about: str) -> tuple[int, News]:
    number, what, *times = about.split()
    was, before = (None if at == "-" else datetime.fromisoformat(at) for at in times)
    return int(number), News(What(what), was, before)
