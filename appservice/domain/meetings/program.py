"""The steps of all parts of a meeting; one line for each part."""

from appservice.domain.agenda import program as agenda
from appservice.domain.feedback import asking
from appservice.domain.group import Group
from appservice.domain.meetings import missed, outside, reminders
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.steps import Maker, Step

PARTS: tuple[Maker, ...] = (
    outside.steps,
    agenda.steps,
    asking.steps,
    reminders.steps,
    missed.steps,
)


def steps(group: Group, occurrence: Occurrence) -> tuple[Step, ...]:
    """Return everything that is to be done about an occurrence, in the order of time."""
    every = [step for part in PARTS for step in part(group, occurrence)]
    return tuple(sorted(every, key=lambda step: step.at))
