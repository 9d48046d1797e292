"""When facilitators last did anything: a word with `!`, or a message in their room, unread."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.events import MessageSaid
from appservice.domain.group import Group
from appservice.domain.membership import facilitated_by
from appservice.domain.outcome import Outcome
from appservice.domain.scope import has_mark
from appservice.domain.state import State
from appservice.domain.types import Assurance, RoomKind

DAY = timedelta(days=1)


def noted(state: State, event: MessageSaid, outcome: Outcome, now: datetime) -> Outcome:
    """Keep the moment, at most once a day for each group, in what the outcome keeps of it."""
    if event.assurance is Assurance.PLAIN or event.identity_changed:
        return outcome
    for group in _meant(state, event):
        changed = {put.id: put for put in outcome.puts if isinstance(put, Group)}
        newest = changed.get(group.id, group)
        last = newest.team.active
        if last is None or not last <= now < last + DAY:
            kept = replace(newest, team=replace(newest.team, active=now))
            outcome += Outcome(puts=(kept,))
    return outcome


def _meant(state: State, event: MessageSaid) -> tuple[Group, ...]:
    """Return the groups that somebody was active for: those they name, else all of theirs."""
    room = state.room
    groups = facilitated_by(state, event.user)
    if room is not None and room.what is RoomKind.FACILITATORS:
        return tuple(group for group in groups if group.id == room.group)
    if not has_mark(event.text):
        return ()
    text = event.text.casefold()
    named = tuple(group for group in groups if group.charter.name.casefold() in text)
    return named or groups
