"""Writes meetings as iCalendar (RFC 5545), so that every calendar program can read them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vRecur

from appservice.domain.meetings.meeting import Meeting, Moved, PlaceKind
from appservice.domain.meetings.recurrence import instant, wall_time, walls
from appservice.domain.types import GroupId, Text, Words
from appservice.ports import CalendarStyle
from appservice.texts.vtimezone import clock_changes, vtimezone

_BEFORE = timedelta(hours=1)  # the start, at which an alarm goes off
_REFRESH = timedelta(hours=6)
_NEAR = timedelta(days=2)  # more than any clock change skips or repeats
_YEARS = 15  # of a zone's clock changes that are written down
_EMPTY = 2026  # the year of a zone that no meeting is in
_MAKER = "-//Circlekeeper//Circlekeeper//EN"


@dataclass(frozen=True)
class Calendars:
    """Implements `appservice.ports.Calendars`; `hashed` is the installation's keyed hash."""

    words: Words
    hashed: Callable[..., str]

    def name(self, group: GroupId, number: int) -> str:
        """Return the UID of a meeting: always the same, and it tells nothing about the group."""
        return self.hashed("calendar entry", group, str(number))

    def text(self, meetings: Iterable[Meeting], style: CalendarStyle) -> bytes:
        """Return a VCALENDAR; the same meetings give the same octets."""
        whole = Calendar()
        whole.add("PRODID", _MAKER)
        whole.add("VERSION", "2.0")
        whole.add("CALSCALE", "GREGORIAN")
        if style.feed:
            title = self.words.say(Text("calendar-titles"), style.language)
            whole.add("NAME", title)  # RFC 7986, 5.1
            whole.add("X-WR-CALNAME", title)
            whole.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
        kept = [meeting for meeting in meetings if _first(meeting) is not None]
        years = {style.zone: [_EMPTY]} if not kept else {one.zone: [] for one in kept}
        for meeting in kept:
            years[meeting.zone].append(meeting.start.year)
        for zone, found in sorted(years.items()):
            whole.add_component(vtimezone(zone, min(found) - 1, max(found) + _YEARS))
        for meeting in kept:
            for event in self._events(meeting, style):
                whole.add_component(event)
        return bytes(whole.to_ical())

    def _events(self, meeting: Meeting, style: CalendarStyle) -> Iterable[Event]:
        """Make the event of the series, and one for each occurrence that the rule does not say."""
        moved = [one for one in meeting.moved if one.was not in meeting.cancelled]
        start = _first(meeting) or meeting.start
        first = self._event(meeting, style)
        if not meeting.rule:
            _set_time(first, meeting, moved[0] if moved else Moved(start, start))
            if meeting.cancelled:
                first["STATUS"] = "CANCELLED"
            yield first
            return
        first.add("DTSTART", _in_zone(start, meeting))
        first.add("DURATION", timedelta(minutes=meeting.minutes))
        first.add("RRULE", _rule(meeting))
        strangers = [one.was for one in moved if not _is_by_rule(meeting, one.was)]
        for name, dates in (("EXDATE", meeting.cancelled), ("RDATE", strangers)):
            if dates:
                first.add(name, [_in_zone(wall, meeting) for wall in dates])
        yield first
        for one in (*moved, *_at_changes(meeting)):
            other = self._event(meeting, style)
            other.add("RECURRENCE-ID", _in_zone(one.was, meeting))
            _set_time(other, meeting, one)
            yield other

    def _event(self, meeting: Meeting, style: CalendarStyle) -> Event:
        """Return what all events of a meeting have in common; its title is always the same."""
        title = self.words.say(Text("calendar-title"), style.language)
        event = Event()
        event.add("UID", self.name(meeting.group, meeting.number))
        event.add("SEQUENCE", meeting.sequence)
        stamp = meeting.ended or meeting.made or instant(meeting.start, meeting.zone)
        event.add("DTSTAMP", stamp.astimezone(UTC).replace(microsecond=0))
        event.add("SUMMARY", title)
        event.add("CLASS", "PRIVATE")
        event.add("STATUS", "CONFIRMED" if meeting.ended is None else "CANCELLED")
        place = meeting.place
        if style.place and place.kind in (PlaceKind.LINK, PlaceKind.ADDRESS) and place.where:
            event.add("LOCATION", place.where)
        if style.alarm and meeting.ended is None:
            alarm = Alarm()
            alarm.add("ACTION", "DISPLAY")
            alarm.add("DESCRIPTION", title)
            alarm.add("TRIGGER", -_BEFORE)
            event.add_component(alarm)
        return event


def _set_time(event: Event, meeting: Meeting, one: Moved) -> None:
    """Say when an event takes place: in UTC where clocks change, since programs disagree there."""
    length = timedelta(minutes=one.minutes or meeting.minutes)
    if _is_at_change(one.to, length, meeting.zone):
        begins = instant(one.to, meeting.zone)
        event.add("DTSTART", begins)
        event.add("DTEND", begins + length)
        return
    event.add("DTSTART", _in_zone(one.to, meeting))
    event.add("DURATION", length)


def _at_changes(meeting: Meeting) -> Iterator[Moved]:
    """Return the occurrences by the rule, not moved or called off, at which clocks change."""
    others = {*meeting.cancelled, *(one.was for one in meeting.moved)}
    length, year = timedelta(minutes=meeting.minutes), meeting.start.year
    for change in clock_changes(meeting.zone, year, year + _YEARS):
        middle = (change.at + change.before).replace(tzinfo=None)
        for wall in walls(meeting, middle - length - _NEAR):
            if wall > middle + _NEAR:
                break
            if wall not in others and _is_at_change(wall, length, meeting.zone):
                yield Moved(wall, wall)


def _is_at_change(wall: datetime, length: timedelta, zone: str) -> bool:
    """Say whether clocks change in it, or it begins or ends at a time that is skipped or twice."""
    ends = wall_time(instant(wall, zone) + length, zone)
    every = [
        at.replace(tzinfo=ZoneInfo(zone), fold=fold) for at in (wall, ends) for fold in (0, 1)
    ]
    return len({one.utcoffset() for one in every}) > 1


def _first(meeting: Meeting) -> datetime | None:
    """Return the first time by the rule: a series must begin with one of its own (3.8.5.3)."""
    return next(iter(walls(meeting, meeting.start)), None)


def _is_by_rule(meeting: Meeting, wall: datetime) -> bool:
    return wall in islice(walls(meeting, wall), 1)


def _rule(meeting: Meeting) -> vRecur:
    """Return the rule, with its end in UTC as calendars want it (RFC 5545, 3.3.10, "UNTIL")."""
    rule = vRecur.from_ical(meeting.rule)
    rule.update({"UNTIL": [_end(until, meeting.zone) for until in rule.get("UNTIL", [])]})
    return vRecur({name: value for name, value in rule.items() if value})


def _end(until: date | datetime, zone: str) -> datetime:
    wall = until if isinstance(until, datetime) else datetime.combine(until, time())
    return instant(wall.replace(tzinfo=None), zone)


def _in_zone(wall: datetime, meeting: Meeting) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(meeting.zone), fold=0)
