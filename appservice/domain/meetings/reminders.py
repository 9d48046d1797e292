"""Reminders of a meeting: on the noticeboard, and in private to whoever gets them there.

A private one is planned ahead of its moment, for each person at another one, and looked at again
when that has come: reminder_due.py.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from appservice.domain.agenda.shown import HINT
from appservice.domain.effects import Unwake
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.meetings import rsvp, rungs
from appservice.domain.meetings.clock_change import told
from appservice.domain.meetings.meeting import Meeting, PlaceKind
from appservice.domain.meetings.recurrence import Occurrence, wall_time
from appservice.domain.meetings.reminding import Reminding
from appservice.domain.meetings.rungs import Rung
from appservice.domain.meetings.steps import At, Step
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.prompt_timers import spread, timer, waking
from appservice.domain.prompts import asleep_since, awake_at, zone_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import Moment, Prompt, RoomKind, Size, Text, UserId

_PLACES = {
    PlaceKind.CIRCLE: Text("reminder-place-circle"),
    PlaceKind.CALL: Text("reminder-place-call"),
    PlaceKind.JITSI: Text("reminder-place-jitsi"),
    PlaceKind.LINK: Text("reminder-place-link"),
    PlaceKind.ADDRESS: Text("reminder-place-address"),
}
EVE = timedelta(hours=12)  # so much earlier a long rung is planned, to come before a night


def steps(group: Group, occurrence: Occurrence) -> Iterable[Step]:
    """Return a step for the noticeboard for each rung, and those that plan the private ones."""
    meeting, wall = occurrence.meeting, _wall(occurrence)
    planned_after = meeting.made or occurrence.starts - timedelta(days=3650)
    for minutes in meeting.ladder if group.charter.size is not Size.SMALL else ():
        rung = rungs.rung(minutes, meeting.ladder, occurrence.starts)
        if rung.at >= planned_after:
            yield Step(f"remind {minutes} {wall}", rung.at, rung.until, _on_the_board)
    for minutes in dict.fromkeys((*rungs.CHOICES, *meeting.ladder)):
        rung = rungs.rung(minutes, (), occurrence.starts)
        if rung.at >= planned_after:
            name, begins = f"remind each {minutes} {wall}", rung.at - _ahead(rung)
            yield Step(name, begins, rung.until, partial(_to_each, rung))


def ladder_of(own: Reminding | None, group: Group, meeting: Meeting) -> tuple[int, ...]:
    """Return at which rungs somebody is reminded in private of a meeting."""
    usual = group.charter.size is Size.SMALL
    wanted = own.wanted if own is not None else None
    if not (usual if wanted is None else wanted):
        return ()
    return own.ladder if own is not None and own.ladder else meeting.ladder


def of_member(state: State, user: UserId, group: Group) -> Reminding | None:
    """Return what somebody wants of reminders in a group, if they said anything."""
    return state.own(Reminding, user, group.id)


def about(occurrence: Occurrence, minutes: int) -> str:
    """Name a reminder: of a meeting, at a time it was moved to, so long before."""
    number, was = occurrence.meeting.number, occurrence.was.isoformat()
    return f"{number} {was} {minutes} {_wall(occurrence)}"


def planned(
    person: Person, own: Reminding | None, group: Group, occurrence: Occurrence, now: datetime
) -> Outcome:
    """Plan all that is still to come of an occurrence for one person; what came stays told."""
    out = NOTHING
    ladder = ladder_of(own, group, occurrence.meeting)
    for minutes in dict.fromkeys((*rungs.CHOICES, *occurrence.meeting.ladder)):
        event = PromptDue(person.user, group.id, Prompt.REMINDER, about(occurrence, minutes))
        rung = rungs.rung(minutes, ladder, occurrence.starts)
        is_near = rung.at - _ahead(rung) <= now < rung.at
        if minutes in ladder and is_near:
            out += _planned(person, group, event, rung, now)
        elif minutes not in ladder:
            out += Outcome(effects=(Unwake(timer(event)),))
    return out


def lines(occurrence: Occurrence, zone: str, now: datetime) -> tuple[Text, ...]:
    """Say when and where, what a change of clocks does to it, and how its agenda is read."""
    when = Moment(occurrence.starts, zone)
    left = rungs.remaining(occurrence.starts - now)
    said = [Text("reminder-when", {"left": left, "when": when}), _where(occurrence.meeting)]
    if (warning := told(occurrence, zone)) is not None:
        said.append(warning)
    if occurrence.meeting.agenda:
        said.append(HINT)
    return tuple(said)


def moment(
    person: Person, group: Group, event: PromptDue, rung: Rung, now: datetime
) -> datetime | None:
    """Return when somebody is to be reminded: outside of their quiet hours; None: not at all.

    What falls into them comes before they begin, if it may be so early, or when they are over, if
    that is not too late. What is left, a short rung before a meeting at night, is looked at then.
    """
    window = rung.window
    at = spread(event, rung.at if rung.at - window >= now else now + window, window)
    zone = zone_of(person, group)
    awake = awake_at(person, zone, at)
    if awake == at:
        return at
    begins = asleep_since(person, zone, at)
    if rung.is_long and begins - window > now:
        return spread(event, begins, window)
    later = spread(event, awake + window, window)
    if later < rung.until:
        return later
    return None if rung.is_long else at


def _on_the_board(at: At) -> Outcome:
    board = at.group.rooms.get(RoomKind.NOTICEBOARD)
    if board is None:
        return NOTHING
    said = lines(at.occurrence, at.group.charter.zone, at.here.now)
    said += (*rsvp.told(at.progress), Text("reminder-late-board"))
    return notices((board,), at.group, *said, kind="reminder")


def _to_each(rung: Rung, at: At) -> Outcome:
    """Plan it for every member who has this rung, and has not said that they do not come."""
    out, state, group = NOTHING, at.here.state, at.group
    name = about(at.occurrence, rung.minutes)
    for consent in current(state.consents, group):
        person = state.people.get(consent.user)
        own = of_member(state, consent.user, group)
        ladder = ladder_of(own, group, at.meeting)
        if person is None or rung.minutes not in ladder or not consent.admitted:
            continue
        own_rung = rungs.rung(rung.minutes, ladder, at.occurrence.starts)
        event = PromptDue(consent.user, group.id, Prompt.REMINDER, name)
        out += _planned(person, group, event, own_rung, at.here.now)
    return out


def _planned(person: Person, group: Group, event: PromptDue, rung: Rung, now: datetime) -> Outcome:
    at = moment(person, group, event, rung, now)
    return NOTHING if at is None else waking(event, at)


def _where(meeting: Meeting) -> Text:
    place = meeting.place
    if place.kind in (PlaceKind.CIRCLE, PlaceKind.CALL) or not place.where:
        return _PLACES[place.kind]
    return Text("reminder-place-where", {"where": place.where})


def _ahead(rung: Rung) -> timedelta:
    return EVE if rung.is_long else rung.window


def _wall(occurrence: Occurrence) -> str:
    """Say the time on the meeting's own clock: that a zone changes its rules makes no new one."""
    return wall_time(occurrence.starts, occurrence.meeting.zone).isoformat()
