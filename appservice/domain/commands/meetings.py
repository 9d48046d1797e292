"""meetings: tells when your groups meet next, on your own clocks."""

from appservice.domain.group import Group
from appservice.domain.meetings import place, rsvp
from appservice.domain.meetings.clock_change import told
from appservice.domain.meetings.kept import progress_of
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.planning import coming
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.shown import soon
from appservice.domain.outcome import Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text, Value

OF_EACH, MOST = 2, 6
MEETING = ("open", "closing")  # stages in which a group meets


def meetings(turn: Turn, rest: str) -> Outcome | None:
    """Tell the next dates of all groups, the soonest first."""
    if rest:
        return None
    own = (turn.groups[consent.group] for consent in turn.consents())
    groups = [group for group in own if group.stage in MEETING]
    every = [
        one
        for meeting in turn.state.of(Meeting)
        if any(group.id == meeting.group for group in groups)
        for one in coming(meeting, turn.now, OF_EACH)
    ]
    ahead = sorted(every, key=lambda one: (one.starts, one.meeting.key))[:MOST]
    if not ahead:
        return turn.answer(notice(Text("meetings-none")))
    lines = tuple(_line(turn, one) for one in ahead)
    return turn.answer(
        notice(*lines, Text("meetings-late"), Text("reminder-coming"), Text("meetings-zone"))
    )


def _line(turn: Turn, one: Occurrence) -> Text:
    """Tell one date: on their own clocks, the group's too, how soon, where, how many come."""
    group = turn.groups[one.meeting.group]
    zone = zone_of(turn.person, group)
    values: dict[str, Value] = {
        "group": group.charter.name,
        "when": Moment(one.starts, zone),
        "soon": soon(one.starts, turn.now),
    }
    lines = [Text("meetings-item", values), *_elsewhere(one, group, zone), place.told(one.meeting)]
    if (warning := told(one, zone)) is not None:
        lines.append(warning)
    lines += rsvp.told(progress_of(turn.state, one))
    return Text("card", {"lines": tuple(lines)})


def _elsewhere(one: Occurrence, group: Group, zone: str) -> tuple[Text, ...]:
    """Tell the group's own time to who lives by other clocks."""
    if zone == group.charter.zone:
        return ()
    return (Text("meetings-for-group", {"when": Moment(one.starts, group.charter.zone)}),)
