"""The time has come for somebody's weekly digest: said once, or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.digest.lines import lines
from appservice.domain.digest.records import Digest
from appservice.domain.events import PromptDue
from appservice.domain.meetings.recurrence import instant
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.prompt_timers import waking
from appservice.domain.prompts import awake_at, counted, has_room, welcome, zone_of
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import CauseId, Prompt, Text

LATE = timedelta(hours=24)  # then it is dropped until the next one


def looking(wish: Digest, state: State, person: Person, now: datetime) -> Outcome:
    """Look again when the next one is to come."""
    zone = zone_of(person, state.groups.get(wish.group))
    return waking(event_of(wish), wish.time.following(now, zone))


def event_of(wish: Digest) -> PromptDue:
    """Return what the timer of a wish says."""
    return PromptDue(wish.user, wish.group, Prompt.DIGEST)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Say what is due of all their groups in one message; with nothing to tell, say nothing."""
    person = state.person
    own = [one for one in state.of(Digest) if one.user == event.user and one.group in state.groups]
    wish = next((one for one in own if one.group == event.group), None)
    if person is None or wish is None or state.groups[event.group].stage == "closed":
        return NOTHING
    again = looking(wish, state, person, now)
    walls = {one.group: wall for one in own if (wall := _due(one, state, person, now)) is not None}
    if event.group not in walls:
        return again
    zone = zone_of(person, state.groups[event.group])
    awake = awake_at(person, zone, now)
    if now < awake < instant(walls[event.group], zone) + LATE:
        return waking(event, awake)
    done = tuple(replace(one, said=walls[one.group]) for one in own if one.group in walls)
    out = Outcome(puts=done) + again
    turns = [welcome(state, event.user, one.group, cause, now) for one in done]
    welcomed = [one for one, turn in zip(done, turns, strict=True) if turn is not None]
    turn = next((one for one in turns if one is not None), None)
    if turn is None or awake > now or not has_room(person, now):
        return out
    return out + _said(replace(turn, person=counted(person, now)), welcomed)


def _due(wish: Digest, state: State, person: Person, now: datetime) -> datetime | None:
    """Return the wall time of the one that has come and was not said, and is not too late."""
    zone = zone_of(person, state.groups[wish.group])
    wall = wish.time.newest(now, zone)
    if wall is None or (wish.said is not None and wall.date() <= wish.said.date()):
        return None
    return wall if now - instant(wall, zone) < LATE else None


def _said(turn: Turn, wishes: list[Digest]) -> Outcome:
    cards = []
    for wish in wishes:
        group = turn.groups[wish.group]
        if found := lines(turn, group):
            title = Text("digest-title", {"group": group.charter.name})
            cards.append(Text("card", {"lines": (title, *found)}))
    if not cards:
        return NOTHING
    return turn.answer(Reply("notice", (*cards, Text("digest-end"))))
