"""The run-through: what to look at a week, a day and half an hour before a meeting."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from functools import partial

from appservice.domain.agenda.hosts import is_told, places_of_hosts
from appservice.domain.agenda.shown import lines, topics_of
from appservice.domain.agenda.topics import listed
from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, PlaceKind, Progress
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.steps import At, Step
from appservice.domain.membership import chats_of
from appservice.domain.outcome import Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import Moment, RoomId, Size, Text

SEEN = (PlaceKind.CALL, PlaceKind.JITSI, PlaceKind.LINK)  # where people see and hear each other


class Stage(Enum):
    """How long before a meeting a list comes, and from when on it is of no use any more."""

    WEEK = (timedelta(days=7), timedelta(days=3))
    DAY = (timedelta(days=1), timedelta(hours=2))
    HALF_HOUR = (timedelta(minutes=30), timedelta())


A_DAY = timedelta(days=1)
EARLIEST = Stage.WEEK.value[0]


def points(occurrence: Occurrence) -> tuple[tuple[Stage, Text], ...]:
    """Return everything there is to look at; the numbers of the points run through all lists."""
    meeting = occurrence.meeting
    is_first = occurrence.was == meeting.start
    is_seen = meeting.place.kind in SEEN
    return (
        *((Stage.WEEK, text) for text in _week(is_first=is_first)),
        *((Stage.DAY, text) for text in _day(is_first=is_first)),
        *((Stage.HALF_HOUR, text) for text in _half_hour(is_first=is_first, is_seen=is_seen)),
    )


def steps(_: Group, occurrence: Occurrence) -> tuple[Step, ...]:
    """Return a step for each list."""
    return tuple(
        Step(
            f"run-through {stage.name.lower()}",
            occurrence.starts - _before(occurrence, stage),
            occurrence.starts - stage.value[1],
            partial(_told, stage),
        )
        for stage in Stage
    )


def list_of(occurrence: Occurrence, progress: Progress, *stages: Stage) -> Text:
    """Return lists as lines with numbers, and which of them are done."""
    said = [
        Text(
            "run-done" if number in progress.ticked else "run-open",
            {"number": number, "what": what},
        )
        for number, (stage, what) in enumerate(points(occurrence), start=1)
        if stage in stages
    ]
    title = Text("run-title", {"when": Moment(occurrence.starts, occurrence.meeting.zone)})
    return Text("card", {"lines": (title, *said)})


def ticked(progress: Progress, numbers: set[int]) -> Progress:
    """Keep which points are done."""
    return replace(progress, ticked=tuple(sorted({*progress.ticked, *numbers})))


def places(state: State, group: Group, meeting: Meeting, now: datetime) -> tuple[RoomId, ...]:
    """Return where the lists go: to the host alone, or to the facilitators where there is none."""
    host = meeting.host
    if host is not None and host in group.charter.named and is_told(state, group, host, now):
        return chats_of(state, (host,)) or places_of_hosts(state, group, now)
    return places_of_hosts(state, group, now)


def _told(stage: Stage, at: At) -> Outcome:
    said = [list_of(at.occurrence, at.progress, stage), Text("run-how")]
    if stage is Stage.WEEK and (open_ones := listed(topics_of(at.here.state, at.group.id))):
        said.append(Text("run-topics", {"count": len(open_ones)}))
    if stage is Stage.DAY and at.group.charter.size is Size.SMALL:
        said += lines(at.here.state, at.group, at.occurrence)
    where = places(at.here.state, at.group, at.meeting, at.here.now)
    return notices(where, at.group, *said, kind="runthrough")


def _before(occurrence: Occurrence, stage: Stage) -> timedelta:
    """Return how long before it comes: of a series not while the meeting before goes on."""
    is_later = occurrence.was != occurrence.meeting.start
    return stage.value[0] - (A_DAY if is_later and stage is Stage.WEEK else timedelta())


def _week(*, is_first: bool) -> tuple[Text, ...]:
    first = (Text("run-zone"), Text("run-members")) if is_first else ()
    return *first, Text("run-agenda"), Text("run-second"), Text("run-numbers")


def _day(*, is_first: bool) -> tuple[Text, ...]:
    first = (Text("run-two-apps"), Text("run-way-in")) if is_first else ()
    return *first, Text("run-backup"), Text("run-who-does-what")


def _half_hour(*, is_first: bool, is_seen: bool) -> tuple[Text, ...]:
    seen = (Text("run-sound"), Text("run-picture"), Text("run-mute")) if is_seen else ()
    first = (Text("run-help"),) if is_first else ()
    return *seen, *first, Text("run-power"), Text("run-recording"), Text("run-take-over")
