"""What the outside must do for meetings: publish them, and have a video server that answers."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from appservice.domain.effects import CheckVideo, Publish
from appservice.domain.events import OutsideFailed
from appservice.domain.group import Group
from appservice.domain.meetings.kept import find
from appservice.domain.meetings.meeting import Meeting, PlaceKind
from appservice.domain.meetings.place import DOORS_OPEN
from appservice.domain.meetings.recurrence import Occurrence, occurrence
from appservice.domain.meetings.steps import At, Step
from appservice.domain.membership import chats_of, facilitates, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import House, State
from appservice.domain.telling import notices
from appservice.domain.types import Moment, Text, UserId

WEEK = timedelta(days=7)
CALENDAR, VIDEO = "calendar", "video"  # what can fail


def steps(_: Group, one: Occurrence) -> Iterable[Step]:
    """Publish a week before, for a calendar that came later; look whether video is there."""
    yield Step("publish", one.starts - WEEK, one.starts, _publish)
    if one.meeting.place.kind is PlaceKind.JITSI:
        yield Step("video", one.starts - DOORS_OPEN, one.starts, _check)


def published(house: House, group: Group, meeting: Meeting) -> Outcome:
    """Bring a meeting, as it is by then, to the facilitators' calendar, if they have one."""
    if group.charter.name.casefold() not in house.calendars:
        return NOTHING
    return Outcome(effects=(Publish(group.id, group.charter.name, meeting.number),))


def failed(state: State, event: OutsideFailed, now: datetime) -> Outcome:
    """Tell the facilitators, and the host where that is somebody else; the meeting goes on."""
    group = state.groups.get(event.group)
    meeting = find(state, event.group, event.number)
    if group is None or meeting is None or group.stage == "closed":
        return NOTHING
    places = list(places_of_facilitators(state, group))
    if meeting.host is not None and not facilitates(meeting.host, group):
        places += chats_of(state, (meeting.host,))
    if event.what == CALENDAR:
        return notices(places, group, Text("calendar-server-silent"))
    if event.was is None or now >= occurrence(meeting, event.was).ends:
        return NOTHING
    at = Moment(occurrence(meeting, event.was).starts, meeting.zone)
    return notices(places, group, Text("video-silent", {"at": at}), Text("video-silent-card"))


def hosts(meeting: Meeting, group: Group, user: UserId) -> bool:
    """Say whether somebody hosts a meeting; without a host every facilitator does."""
    return user == meeting.host if meeting.host is not None else facilitates(user, group)


def _publish(at: At) -> Outcome:
    return published(at.here.state.house, at.group, at.meeting)


def _check(at: At) -> Outcome:
    return Outcome(effects=(CheckVideo(at.group.id, at.meeting.number, at.occurrence.was),))
