"""The time has come for somebody's check-in: asked once, in time or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.checkins.forms import choices, form_of, mark, numbers, of_group, question
from appservice.domain.checkins.records import CheckIn
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import instant
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.prompt_timers import waking
from appservice.domain.prompts import awake_at, counted, has_room, welcome, zone_of
from appservice.domain.state import State
from appservice.domain.turn import Ask, Ballot, Reply, Turn
from appservice.domain.types import CauseId, GroupId, Prompt, Text, UserId

TOPIC = "checkin"
LATE = timedelta(hours=12)  # then it is dropped until the next one
IN_TIME = timedelta(minutes=15)  # so long the hour counts as the one that they chose themselves


def wish_of(state: State, user: UserId, group: GroupId) -> CheckIn | None:
    """Return somebody's wish to be asked in a group; None: they have none."""
    return state.own(CheckIn, user, group)


def looking(wish: CheckIn, person: Person, group: Group, now: datetime) -> Outcome:
    """Look again when the next one is to come."""
    at = wish.time.following(now, zone_of(person, group))
    return waking(event_of(wish), at)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: whoever is paused, away, busy or fast asleep is left in peace."""
    wish, person = wish_of(state, event.user, event.group), state.person
    group = state.groups.get(event.group)
    if wish is None or person is None or group is None or group.stage == "closed":
        return NOTHING
    zone = zone_of(person, group)
    wall = wish.time.newest(now, zone)
    again = looking(wish, person, group, now)
    if wall is None or (wish.asked is not None and wall.date() <= wish.asked.date()):
        return again
    came = instant(wall, zone)
    awake = now if now - came < IN_TIME else awake_at(person, zone, now)
    if now < awake < came + LATE:
        return waking(event, awake)
    turn = welcome(state, event.user, event.group, cause, now)
    done = Outcome(puts=(replace(wish, asked=wall),)) + again
    snoozed = wish.snoozed is not None and now < wish.snoozed
    if turn is None or snoozed or awake > now or now - came >= LATE or not has_room(person, now):
        return done
    return done + asked(replace(turn, person=counted(person, now)), group, wish)


def asked(turn: Turn, group: Group, wish: CheckIn) -> Outcome:
    """Ask it, by a native poll and in plain text."""
    kept = of_group(turn.state, group)
    form, name = form_of(wish.form, kept), group.charter.name
    asks = Text("checkin-question", {"group": name, "question": question(form, kept)})
    return turn.answer(
        Reply(
            "checkin",
            (),
            choices=choices(form, kept),
            ask=Ask(TOPIC, group.id, mark(form, kept)),
            group=name,
            poll=Ballot("checkin", asks, numbers=numbers(form, kept)),
        )
    )


def event_of(wish: CheckIn) -> PromptDue:
    """Return what the timer of a wish says."""
    return PromptDue(wish.user, wish.group, Prompt.CHECKIN)
