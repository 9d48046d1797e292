"""A note to whoever asked for one after a meeting that they may have missed; at most one a month.

Nobody counts who is there: the keeper is not in the circle. So it goes to those who did not say
that they come, tells what was and what comes next, and asks nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.meetings import reminders, rsvp
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.meetings.reminding import Reminding
from appservice.domain.meetings.steps import At, Step
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import spread, waking
from appservice.domain.prompts import awake_at, counted, has_room, welcome, zone_of
from appservice.domain.state import State
from appservice.domain.turn import notice
from appservice.domain.types import CauseId, Moment, Prompt, Text

OPTION = "missed"
AFTER = timedelta(hours=2)
USEFUL_FOR = timedelta(days=2)
SELDOM = timedelta(days=30)
_WINDOW = timedelta(hours=1)


def steps(_group: Group, occurrence: Occurrence) -> Iterable[Step]:
    """Return what is done at the end of a meeting, and after it."""
    ends = occurrence.ends
    yield Step("rsvp over", ends, ends + timedelta(days=9), rsvp.over)
    yield Step("missed", ends + AFTER, ends + timedelta(days=9), _planned)


def _planned(at: At) -> Outcome:
    """Set a timer for each who asked for a note; then nobody's answer is kept any longer."""
    state, now = at.here.state, at.here.now
    out, until = NOTHING, max(now, at.occurrence.ends + AFTER) + _WINDOW
    is_late = now >= at.occurrence.ends + USEFUL_FOR
    for consent in () if is_late else current(state.consents, at.group):
        if OPTION in consent.options and at.progress.coming.get(consent.user) != "yes":
            about = f"{at.meeting.number} {at.occurrence.was.isoformat()}"
            event = PromptDue(consent.user, at.group.id, Prompt.MISSED, about)
            out += waking(event, spread(event, until, _WINDOW))
    return out + Outcome(puts=(rsvp.forgotten(at.progress),))


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again; it is let go rather than late."""
    number, was = event.about.split()
    one = rsvp.found(state, event.group, int(number), datetime.fromisoformat(was))
    consent = state.consent(event.user, event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if one is None or turn is None or consent is None or OPTION not in consent.options:
        return NOTHING
    group = state.groups[event.group]
    own = reminders.of_member(state, event.user, group) or Reminding(event.user, group.id)
    is_new = own.missed is None or now - own.missed >= SELDOM
    awake = awake_at(turn.person, zone_of(turn.person, group), now)
    if not is_new or now >= one.ends + USEFUL_FOR or not has_room(turn.person, now):
        return NOTHING
    if awake > now:
        return waking(event, spread(event, awake + _WINDOW, _WINDOW))
    lines = [Text("missed-note", {"group": group.charter.name})]
    following = rsvp.next_of(one.meeting, now)
    if following is not None:
        when = Moment(following.starts, zone_of(turn.person, group))
        lines.append(Text("missed-next", {"when": when}))
    kept = replace(own, missed=now)
    counting = replace(turn, person=counted(turn.person, now))
    said = notice(*lines, group=group.charter.name)
    return Outcome(puts=(kept,)) + counting.answer(said)
