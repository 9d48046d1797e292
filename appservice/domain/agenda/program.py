"""What is said about a meeting's agenda, and when: before it, at each part, and after it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from appservice.domain import prompt_timers
from appservice.domain.agenda import cards, run_through, topic_vote
from appservice.domain.agenda.hosts import places_of_hosts
from appservice.domain.agenda.shown import lines, slots_of, topics_of
from appservice.domain.agenda.topics import over
from appservice.domain.events import PromptDue
from appservice.domain.floor.in_meeting import about
from appservice.domain.group import Group
from appservice.domain.helplines import country_of
from appservice.domain.meetings.recurrence import Occurrence, between
from appservice.domain.meetings.steps import At, Step
from appservice.domain.membership import current, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import is_calm
from appservice.domain.telling import notices
from appservice.domain.types import Prompt, RoomKind, Text

OPENS_FOR = timedelta(minutes=15)
RITUAL = timedelta(minutes=10)  # before the end
CLOSES_FOR = timedelta(minutes=30)
DEBRIEF = timedelta(minutes=10)  # after the end
DEBRIEF_FOR = timedelta(hours=3)


def steps(group: Group, occurrence: Occurrence) -> Iterator[Step]:
    """Return everything from the first list of what to look at to the talk of who led."""
    starts, ends = occurrence.starts, occurrence.ends
    yield from run_through.steps(group, occurrence)
    yield Step("agenda", starts - topic_vote.BEFORE, starts, _post)
    yield Step("open", starts, min(ends, starts + OPENS_FOR), _open)
    for slot in filter(cards.is_carded, slots_of(occurrence)):
        name = f"card {int(slot.begins.total_seconds()) // 60}"
        begins, over = starts + slot.begins, starts + slot.ends
        yield Step(name, begins, over, partial(cards.card, slot))
    yield Step("closing", max(starts, ends - RITUAL), ends, cards.closing)
    yield Step("close", ends, ends + CLOSES_FOR, _close)
    yield Step("debrief", ends + DEBRIEF, ends + DEBRIEF_FOR, _debrief)


def _post(at: At) -> Outcome:
    """Close the vote on topics, if it is this meeting's, and show the agenda."""
    here, group = at.here, at.group
    out, state = NOTHING, here.state
    if _is_first(at):
        out, state = topic_vote.closed(here, group, at.occurrence)
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    if board is None:  # a small group: nobody is written to; `agenda` shows it
        return out
    said = lines(state, group, at.occurrence)
    if not is_calm(group, here.now):
        places = places_of_facilitators(state, group)
        said = (Text("agenda-not-posted"), *said)
        return out + notices(places, group, *said, kind="agenda")
    return out + notices((board,), group, *said, Text("agenda-how"), kind="agenda")


def _is_first(at: At) -> bool:
    """Say whether no other meeting of the series begins before it: after days of downtime."""
    coming = between(at.meeting, at.here.now, at.occurrence.ends)
    return next(one for one in coming if one.starts > at.here.now) == at.occurrence


def _debrief(at: At) -> Outcome:
    """Ask two questions of those who led, and forget what had been chosen for the meeting."""
    topics = topics_of(at.here.state, at.group.id)
    without = over(topics, at.meeting.number, at.occurrence.was)
    gone = Outcome(puts=(without,)) if without != topics else NOTHING
    return gone + cards.debrief(at)


def _open(at: At) -> Outcome:
    """Say how it begins on the noticeboard; in a small group who leads hands it on."""
    board = at.group.rooms.get(RoomKind.NOTICEBOARD)
    places = (board,) if board else places_of_hosts(at.here.state, at.group, at.here.now)
    return notices(places, at.group, *cards.opening_lines(), kind="meeting_open")


def _close(at: At) -> Outcome:
    """Say how it ends, with numbers; in a small group to whoever may be there, in their chat."""
    board = at.group.rooms.get(RoomKind.NOTICEBOARD)
    if board is not None:
        country = country_of(None, (at.group,))
        said = cards.closing_lines(at.here.state, at.group, at.occurrence, country)
        return notices((board,), at.group, *said, kind="meeting_close")
    out = NOTHING
    for consent in current(at.here.state.consents, at.group):
        name = about("close", at.occurrence)
        event = PromptDue(consent.user, at.group.id, Prompt.MEETING, name)
        out += prompt_timers.waking(event, at.here.now)
    return out
