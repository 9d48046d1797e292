"""Taking messages out of a group's rooms: somebody's own on their word, or everybody's by age.

The steward has no keys: it reads who sent what kind of event and when, never what was said. It
goes back page by page, slowly, and a record keeps how far it is. A repeat finds what is gone.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.effects import SweepPage, Unwake, Wake
from appservice.domain.events import LifetimeDue, PageSwept, SweepDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Choice
from appservice.domain.records import Sweep
from appservice.domain.state import State
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import CauseId, GroupId, RoomId, RoomKind, Text, UserId

TOPIC = "redact"
PACE = timedelta(seconds=5)  # between two pages: the homeserver has other things to do
EVERY = timedelta(days=1)
_SPEAKS = (RoomKind.CIRCLE, RoomKind.FACILITATORS)  # where members write
_AGES = (RoomKind.CIRCLE, RoomKind.NOTICEBOARD)  # where messages have a lifetime


def ask(turn: Turn) -> Outcome:
    """Ask once, with what it cannot do."""
    groups = _groups(turn)
    if not groups:
        return turn.answer(notice(Text("redact-none")))
    names = ", ".join(group.charter.name for group in groups)
    choices = (
        Choice("yes", Text("choice-redact"), Text("choice-yes-reply")),
        Choice("no", Text("choice-redact-no"), Text("choice-no-reply")),
    )
    lines = (Text("redact-ask", {"groups": names}), Text("redact-limits"))
    return turn.answer(Reply("notice", lines, choices=choices, ask=Ask(TOPIC)))


def answered(turn: Turn, choice: str) -> Outcome:
    """Begin, or leave everything as it is."""
    done = replace(turn, person=replace(turn.person, asked=closed(turn.person.asked, TOPIC, None)))
    if choice != "yes":
        return done.answer(notice(Text("redact-not")))
    return own_messages(turn) + done.answer(notice(Text("redact-begun")))


def own_messages(turn: Turn) -> Outcome:
    """Begin to take out what somebody wrote in every group that they are or were in."""
    out = Outcome()
    for group in _groups(turn):
        for what in _SPEAKS:
            if room := group.rooms.get(what):
                out += _going_on(Sweep(group.id, room, turn.user), turn.now)
    return out


def since(here: Turn, group: Group, user: UserId, moment: datetime) -> Outcome:
    """Begin to take out what somebody wrote in a group since then, on facilitators' word.

    Where all of it goes already, on their own word, that goes on.
    """
    out = Outcome()
    for what in _SPEAKS:
        room = group.rooms.get(what)
        known = of(here.state, room, user) if room else None
        if room and (known is None or known.since is not None):
            out += _going_on(Sweep(group.id, room, user, since=moment), here.now)
    return out


def lifetime_set(group: Group, now: datetime) -> Outcome:
    """Have a look at the group once a day for as long as its messages have a lifetime."""
    if not group.charter.message_lifetime:
        return Outcome(effects=(Unwake(_daily(group.id)),))
    return Outcome(effects=(Wake(_daily(group.id), now + EVERY, LifetimeDue(group.id)),))


def lifetime_due(state: State, event: LifetimeDue, now: datetime) -> Outcome:
    """Look again; what is under way goes on first."""
    group = state.groups.get(event.group)
    if group is None or not group.charter.message_lifetime or group.stage == "closed":
        return NOTHING
    before = now - timedelta(days=group.charter.message_lifetime)
    out = lifetime_set(group, now)
    for what in _AGES:
        if room := group.rooms.get(what):
            known = of(state, room, None) or Sweep(group.id, room, None)
            begins = replace(known, before=before) if not known.start else known
            out += _going_on(begins, now)
    return out


def due(state: State, event: SweepDue, now: datetime) -> Outcome:
    """Take the next page, if that is still wanted: what is taken out nobody brings back."""
    sweep, group = of(state, event.room, event.whose), state.groups.get(event.group)
    if sweep is None:
        return NOTHING
    if group is None or group.stage == "closed":
        return Outcome(drops=(sweep,))
    before = sweep.before
    if sweep.user is None:
        days = group.charter.message_lifetime
        if not days:
            return Outcome(drops=(sweep,))
        oldest_kept = now - timedelta(days=days)
        before = oldest_kept if before is None else min(before, oldest_kept)
    page = SweepPage(sweep.group, sweep.room, sweep.user, before, sweep.start, sweep.since)
    return Outcome(effects=(page,))


def swept(state: State, event: PageSwept, cause: CauseId, now: datetime) -> Outcome:
    """Go on with the page before it; at the end forget whose it was, and say so to them."""
    sweep = of(state, event.room, event.whose)
    if sweep is None:
        return NOTHING
    if event.then and not _met(sweep, event) and not _is_through(sweep, event):
        return _going_on(replace(sweep, start=event.then), now + PACE)
    if sweep.user is None:
        return Outcome(puts=(replace(sweep, start="", done_before=sweep.before),))
    told = _told(state, sweep, sweep.user, cause, now) if sweep.since is None else NOTHING
    return Outcome(drops=(sweep,)) + told


def of(state: State, room: RoomId, whose: UserId | None) -> Sweep | None:
    """Return the one of a room: somebody's own, or the one by age."""
    return next((one for one in state.sweeps if (one.room, one.user) == (room, whose)), None)


def _met(sweep: Sweep, event: PageSwept) -> bool:
    """Say whether it has come to what an earlier one took out; a day is for clocks that differ."""
    done, oldest = sweep.done_before, event.oldest
    return done is not None and oldest is not None and oldest < done - EVERY


def _is_through(sweep: Sweep, event: PageSwept) -> bool:
    """Say whether it has come to what was sent before the moment it goes back to."""
    oldest = event.oldest
    return sweep.since is not None and oldest is not None and oldest < sweep.since


def _going_on(sweep: Sweep, at: datetime) -> Outcome:
    event = SweepDue(sweep.group, sweep.room, sweep.user)
    return Outcome(puts=(sweep,), effects=(Wake(f"sweep {sweep.key}", at, event),))


def _told(state: State, sweep: Sweep, user: UserId, cause: CauseId, now: datetime) -> Outcome:
    person, group = state.people.get(user), state.groups.get(sweep.group)
    if person is None or person.chat is None or group is None:
        return NOTHING
    if sweep.room != group.rooms.get(RoomKind.CIRCLE):
        return NOTHING  # one word is enough
    name, language = group.charter.name, person.language or group.charter.language
    turn = Turn(state, person.chat, person, language, cause, now)
    text = Text("redact-done", {"group": name})
    return turn.answer(notice(text, group=name))


def _groups(turn: Turn) -> list[Group]:
    """Return the groups that somebody is in, or was in as far as that is known still."""
    ids = dict.fromkeys(one.group for one in turn.state.consents if one.user == turn.user)
    return [turn.groups[group] for group in ids if group in turn.groups]


def _daily(group: GroupId) -> str:
    return f"lifetime {group}"
