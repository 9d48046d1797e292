"""What a group's rhythm keeps of somebody, taken away when they go; and all of it at the end."""

from appservice.domain.conduct.appeal import Appeal
from appservice.domain.conduct.standing import Standing
from appservice.domain.effects import Unwake
from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting
from appservice.domain.meetings.clock import timer
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.outside import published
from appservice.domain.of_member import OfMember
from appservice.domain.outcome import Outcome
from appservice.domain.polls.poll import Poll
from appservice.domain.records import Record
from appservice.domain.state import State
from appservice.domain.types import Matter, UserId
from appservice.domain.unnamed import unnamed


def left(state: State, user: UserId, group: Group) -> Outcome:
    """Drop somebody's own part, and take their name and answers out of what is everybody's."""
    out = Outcome()
    for record in _of(state, group):
        if isinstance(record, (Standing, Appeal)):
            continue  # what was decided counts on for whoever comes back (docs/security.md)
        if isinstance(record, OfMember):
            out += Outcome(drops=(record,)) if record.user == user else Outcome()
        elif isinstance(record, Poll) and record.is_draft_of(user):
            out += Outcome(drops=(record,))
        elif (without := unnamed(record, user)) != record:
            out += Outcome(puts=(without,))
    return out


def over(state: State, group: Group) -> Outcome:
    """Drop everything, at the end of a group."""
    records = _of(state, group)
    meetings = [record for record in records if isinstance(record, Meeting)]
    unwakes = tuple(Unwake(timer(group.id, meeting.number)) for meeting in meetings)
    out = Outcome(drops=records, effects=unwakes)
    out += resting(group.id, *Matter)
    for meeting in meetings:
        out += published(state.house, group, meeting)
    return out


def _of(state: State, group: Group) -> tuple[Record, ...]:
    return tuple(record for record in state.all_rhythm() if record.indexed[1] == group.id)
