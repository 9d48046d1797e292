"""Closing a group: two people's word, time to say goodbye, and an end that waits for care."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.cases import side_rooms
from appservice.domain.events import CloseAsked, RoomEmptied
from appservice.domain.group import Closing, Group
from appservice.domain.group_life.ended import ended
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.group_life.words import in_private, to_facilitators
from appservice.domain.helplines import lines_for
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, Text, Values

LEAST = timedelta(days=7)
USUAL = timedelta(days=14)
LATEST = timedelta(days=180)
DAY = timedelta(days=1)


def proposed(here: Turn, group: Group, on: datetime) -> Outcome:
    """Keep that somebody wants a group to close; a second one is asked."""
    wish = Closing(here.user, on, before=group.stage)
    values = {**_values(group, on), "user": here.user}
    told = to_facilitators(here, group, Text("close-second-word", values))
    return Outcome(puts=(replace(group, closing=wish),)) + told


def begun(here: Turn, group: Group, wish: Closing) -> Outcome:
    """Begin to close: nobody new comes in, all are told, and goodbye has its time."""
    on = wish.on
    before = wish.before if group.stage == "closing" else group.stage
    wish = replace(wish, agreed=True, before=before)
    closing = replace(group, stage="closing", closing=wish, quiet_until=None)
    values = _values(group, on)
    return (
        Outcome(puts=(closing,))
        + resting(group.id, Matter.QUIET, Matter.REVIEW)
        + waking(group.id, Matter.CLOSING, on - DAY)
        + in_private(here, group, Text("closing-members", values), Text("closing-what-stays"))
        + to_facilitators(here, group, Text("closing-agreed", values), *goodbye(here, group))
    )


def goodbye(here: Turn, group: Group) -> tuple[Text, ...]:
    """Return words that facilitators can use in the circle, where the keeper is not."""
    return Text("closing-ritual"), _numbers(here, group)


def undone(here: Turn, group: Group, wish: Closing) -> Outcome:
    """Let a group go on; if it had begun to close, everybody is told."""
    if not wish.agreed:
        told = Text("close-wish-undone", {"group": group.charter.name})
        kept = replace(group, closing=None)
        return Outcome(puts=(kept,)) + to_facilitators(here, group, told)
    kept = replace(group, stage="open" if wish.before == "quiet" else wish.before, closing=None)
    told = Text("closing-undone", {"group": group.charter.name})
    again = resting(group.id, Matter.CLOSING)
    if kept.review is not None:
        again += waking(group.id, Matter.REVIEW, max(here.now + DAY, kept.review))
    return Outcome(puts=(kept,)) + again + in_private(here, kept, told)


def asked_by_operator(state: State, event: CloseAsked, cause: CauseId, now: datetime) -> Outcome:
    """Begin to close, or close at once; the operator's word needs no second one."""
    group = state.groups.get(event.group)
    if group is None or group.stage == "closed":
        return NOTHING
    if group.session is not None:
        off = replace(group, session=replace(group.session, off=True))
        return Outcome(puts=(off,)) + waking(group.id, Matter.JOINT, now)
    here = nowhere(state, cause, now, group.charter.language)
    known = group.closing if group.stage == "closing" else None
    wish = Closing(None, event.on, agreed=True, before=known.before if known else group.stage)
    if event.on > now:
        return begun(here, group, wish)
    at_once = replace(group, stage="closing", closing=replace(wish, last_word=True))
    out = due(state, at_once, cause, now)
    ended_or_waits = any(isinstance(put, Group) for put in out.puts)
    return out if ended_or_waits else Outcome(puts=(at_once,)) + out


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look again; each step only after the one before it was said."""
    wish = group.closing
    if group.stage != "closing" or wish is None:
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    if not wish.last_word and now >= wish.on - DAY:
        return _last_word(here, group, wish)
    if now < wish.on:
        return waking(group.id, Matter.CLOSING, wish.on if wish.last_word else wish.on - DAY)
    if state.restored:  # perhaps it was undone after the copy was made
        return waking(group.id, Matter.CLOSING, now + DAY)
    inside = {consent.user for consent in current(state.consents, group)}
    inside |= {grace.user for grace in state.graces if grace.group == group.id}
    cares = [care for care in state.cares if care.user in inside]
    handled = any(case.is_open for case in state.cases or () if case.group == group.id)
    if handled or any(care.cases or not care.mourned for care in cares):
        return _waits(here, group, wish)
    return resting(group.id, *Matter) + ended(here, group)


def _last_word(here: Turn, group: Group, wish: Closing) -> Outcome:
    """Hand the facilitators words for the last day; it is a day from now, however late it is."""
    wish = replace(wish, last_word=True, on=max(wish.on, here.now + DAY))
    lines = (
        Text("closing-tomorrow", _values(group, wish.on)),
        Text("closing-ritual-last"),
        _numbers(here, group),
    )
    return (
        Outcome(puts=(replace(group, closing=wish),))
        + waking(group.id, Matter.CLOSING, wish.on)
        + to_facilitators(here, group, *lines)
    )


def _waits(here: Turn, group: Group, wish: Closing) -> Outcome:
    """Somebody is cared for, or a case is open: look again daily, and say once that it waits."""
    again = waking(group.id, Matter.CLOSING, here.now + DAY)
    if wish.waits:
        return again
    kept = Outcome(puts=(replace(group, closing=replace(wish, waits=True)),))
    told = to_facilitators(here, group, Text("closing-waits", {"group": group.charter.name}))
    return kept + again + told


def _numbers(here: Turn, group: Group) -> Text:
    numbers = lines_for(here.state.house, group.charter.country)
    return Text("card", {"lines": (Text("closing-numbers"), *numbers)})


def _values(group: Group, on: datetime) -> Values:
    return {"group": group.charter.name, "date": f"{on:%Y-%m-%d}"}


def emptied(state: State, event: RoomEmptied) -> Outcome:
    """Forget a room that nobody is in any more."""
    gone = Outcome(drops=(state.room,)) if state.room is not None else NOTHING
    return gone + side_rooms.emptied(state, event)
