"""The time has come to remind somebody of a meeting: whether that still fits, and what is said."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.meetings import reminders, rsvp, rungs
from appservice.domain.meetings.kept import progress_of
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.reminding import Reminding
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import spread, waking
from appservice.domain.prompts import awake_at, counted, has_room, welcome, zone_of
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import CauseId, Text


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again at the meeting, at what they want by now, at the clock, and at the week."""
    one, minutes = _named(state, event)
    turn = welcome(state, event.user, event.group, cause, now)
    if one is None or turn is None:
        return NOTHING
    group = state.groups[event.group]
    own = reminders.of_member(state, event.user, group)
    ladder = reminders.ladder_of(own, group, one.meeting)
    answer = progress_of(state, one).coming.get(event.user)
    has_come = own is not None and event.about in own.told
    if minutes not in ladder or has_come or answer == "no":
        return NOTHING
    rung = rungs.rung(minutes, ladder, one.starts)
    awake = awake_at(turn.person, zone_of(turn.person, group), now)
    if now < awake:
        later = spread(event, awake + rung.window, rung.window)
        if later < rung.until:
            return waking(event, later)
    is_fit = now == awake or (answer == "yes" and not rung.is_long)
    is_nearest = _is_nearest(turn, one)
    if now >= rung.until or not is_fit or not has_room(turn.person, now, nearest=is_nearest):
        return NOTHING
    kept = (own or Reminding(event.user, event.group)).having(event.about)
    counting = replace(turn, person=counted(turn.person, now))
    return Outcome(puts=(kept,)) + counting.answer(_reply(counting, group, one))


def _reply(turn: Turn, group: Group, one: Occurrence) -> Reply:
    progress = progress_of(turn.state, one)
    said = reminders.lines(one, zone_of(turn.person, group), turn.now)
    title = Text("reminder-of", {"group": group.charter.name})
    say = (Text("card", {"lines": (title, *said)}), *rsvp.told(progress))
    reply = Reply("reminder", (*say, Text("reminder-late")), group=group.charter.name)
    asking = rsvp.asking(turn, one, reply)
    if asking is reply:
        return replace(reply, lines=(*reply.lines, Text("reminder-coming")))
    return asking


def _named(state: State, event: PromptDue) -> tuple[Occurrence | None, int]:
    """Return what a reminder is about; none where that was called off or moved since."""
    number, was, minutes, _ = event.about.split()
    one = rsvp.found(state, event.group, int(number), datetime.fromisoformat(was))
    if one is not None and reminders.about(one, int(minutes)) != event.about:
        one = None
    return one, int(minutes)


def _is_nearest(turn: Turn, one: Occurrence) -> bool:
    """Say whether no other meeting of any of their groups comes before it."""
    active = [consent for consent in turn.consents() if consent.admitted and not consent.pauses]
    groups = [turn.groups[consent.group] for consent in active]
    for other in rsvp.upcoming(turn.state, (g for g in groups if g.stage == "open"), turn.now):
        said = progress_of(turn.state, other).coming.get(turn.user)
        if said != "no" and other.starts > turn.now:
            return other.starts >= one.starts
    return True
