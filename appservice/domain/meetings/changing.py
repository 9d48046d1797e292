"""What follows when a meeting is planned, moved or called off, whoever did it and however."""

from appservice.domain.effects import Wake
from appservice.domain.events import MeetingDue
from appservice.domain.group import Group
from appservice.domain.meetings.clock import timer
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.outside import published
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def changed(
    here: Turn,
    group: Group,
    before: Meeting | None,  # noqa: ARG001 - who announces it compares
    after: Meeting,
) -> Outcome:
    """Keep a meeting as it is now, and look at once what is due about it.

    `before`: as it was; None: it is new.
    """
    event = MeetingDue(group.id, after.number)
    wake = Wake(timer(group.id, after.number), here.now, event)
    return Outcome(puts=(after,), effects=(wake,)) + published(here.state.house, group, after)
