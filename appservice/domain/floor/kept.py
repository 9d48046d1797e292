"""What is kept of a meeting while it goes on, whose it is, and how it reads to those who lead."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.agenda.cards import opening_lines
from appservice.domain.agenda.nearest import AFTER, going_on
from appservice.domain.facilitation import facilitated_first
from appservice.domain.floor.floor import Floor, queue, speaker
from appservice.domain.floor.in_meeting import floor_of
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import CauseId, Matter, Text, UserId


def meeting_of(turn: Turn) -> tuple[Group, Occurrence] | None:
    """Return the meeting that somebody is in; of several the one that has begun last."""
    found = []
    for consent in turn.consents():
        group = turn.groups[consent.group]
        occurrence = going_on(turn.state, group.id, turn.now)
        if occurrence is not None and not consent.pauses and group.stage == "open":
            found.append((group, occurrence))
    return max(found, key=lambda one: (one[1].starts, one[0].id), default=None)


def kept(state: State, occurrence: Occurrence) -> Floor:
    """Return who speaks and who waits, which may be nobody yet."""
    meeting = occurrence.meeting
    new = Floor(meeting.group, meeting.number, occurrence.was, occurrence.ends + AFTER)
    return floor_of(state, occurrence) or new


def keeping(state: State, floor: Floor) -> Outcome:
    """Keep it until the meeting has been over for a while."""
    others = (one.until for one in state.of(Floor) if one.group == floor.group)
    return Outcome(puts=(floor,)) + waking(floor.group, Matter.FLOOR, min((*others, floor.until)))


def over(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:  # noqa: ARG001
    """Forget what was kept of meetings that have been over for a while."""
    own = [one for one in state.of(Floor) if one.group == group.id]
    gone = tuple(one for one in own if one.until <= now)
    left = [one.until for one in own if one not in gone]
    return Outcome(drops=gone) + (waking(group.id, Matter.FLOOR, min(left)) if left else NOTHING)


def late(turn: Turn, floor: Floor, occurrence: Occurrence) -> tuple[Floor, tuple[Text, ...]]:
    """Return the card of the meeting for whoever first writes in it after its start."""
    if turn.now < occurrence.starts or turn.user in floor.welcomed:
        return floor, ()
    return replace(floor, welcomed={**floor.welcomed, turn.user: True}), opening_lines()


def said(floor: Floor) -> Text:
    """Return who speaks and who waits, in order."""
    user, waiting = speaker(floor), queue(floor)
    speaks = Text("floor-speaks", {"user": user}) if user else Text("floor-no-speaker")
    line = [
        Text("floor-waiting", {"number": number, "user": one})
        for number, one in enumerate(waiting, start=1)
    ]
    return Text("card", {"lines": (speaks, *(line or [Text("floor-empty")]))})


def shown(state: State, group: Group, floor: Floor, *, but: UserId | None = None) -> Outcome:
    """Show those who lead who speaks and who waits."""
    return notices(places_of_facilitators(state, group, but=but), group, said(floor))


def led(turn: Turn, rest: str) -> tuple[Group, Occurrence, str] | Outcome:
    """Return the meeting that a facilitator leads now, and what else they said; else an answer."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, left = found
    occurrence = going_on(turn.state, group.id, turn.now)
    if occurrence is None:
        said_so = Reply("refusal", (Text("floor-no-meeting"),), group=group.charter.name)
        return turn.answer(said_so)
    return group, occurrence, left
