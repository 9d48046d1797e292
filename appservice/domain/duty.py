"""Who is on duty: a facilitator is, unless they said that they are not."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import DutyDue
from appservice.domain.group import Group
from appservice.domain.membership import (
    chats_of,
    facilitated_by,
    facilitating,
    places_of_facilitators,
)
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import OffDuty, Person
from appservice.domain.roles.telling import lead_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn, language_of
from appservice.domain.types import CauseId, RoomId, RoomKind, Text, UserId


def on_duty(state: State, group: Group, now: datetime) -> tuple[UserId, ...]:
    """Return the facilitators of a group who are there for it now."""
    people = state.people
    return tuple(
        user
        for user in facilitating(state, group)
        if not (user in people and is_off(people[user], now)) and not state.is_mourned(user)
    )


def is_off(person: Person, now: datetime) -> bool:
    """Say whether somebody is off duty now."""
    off = person.off
    return off is not None and (off.until is None or now < off.until)


def places_on_duty(state: State, group: Group, now: datetime) -> tuple[RoomId, ...]:
    """Return where a member's wish is told: to those on duty.

    Where nobody is, to every facilitator and to the lead, so that it is not lost.
    """
    on = on_duty(state, group, now)
    if on and RoomKind.FACILITATORS not in group.rooms:
        return chats_of(state, on)
    lead = () if on else chats_of(state, lead_of(group))
    return tuple(dict.fromkeys((*places_of_facilitators(state, group), *lead)))


def off(turn: Turn, until: datetime | None) -> Outcome:
    """Let somebody be off duty; where nobody is left, the others and the lead are told so."""
    person = replace(turn.person, off=OffDuty(turn.now, until))
    state = replace(turn.state, people={**turn.state.people, turn.user: person})
    if until is None:
        timer = Outcome(effects=(Unwake(_timer(turn.user)),))
        lines = [Text("duty-off")]
    else:
        timer = Outcome(effects=(Wake(_timer(turn.user), until, DutyDue(turn.user)),))
        lines = [Text("duty-off-until", {"date": f"{until:%Y-%m-%d %H:%M} UTC"})]
    told = Outcome()
    for group in facilitated_by(state, turn.user):
        if not on_duty(state, group, turn.now):
            lines.append(Text("duty-nobody-else", {"group": group.charter.name}))
            told += _tell_others(turn, group)
    return timer + replace(turn, person=person).answer(Reply("duty", tuple(lines))) + told


def on(turn: Turn) -> Outcome:
    """Let somebody be on duty again."""
    back = replace(turn, person=replace(turn.person, off=None))
    unwake = Outcome(effects=(Unwake(_timer(turn.user)),))
    return unwake + back.answer(Reply("duty", (Text("duty-on"),)))


def due(state: State, event: DutyDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again; who said until when they are off hears that they are on duty from now."""
    person = state.person
    if person is None or person.off is None or person.off.until is None or is_off(person, now):
        return NOTHING
    person = replace(person, off=None)
    if person.chat is None or state.is_mourned(event.user):
        return Outcome(puts=(person,))
    if not facilitated_by(state, event.user):
        return Outcome(puts=(person,))
    turn = Turn(state, person.chat, person, language_of(state, person), cause, now)
    return turn.answer(Reply("duty", (Text("duty-on-again"),)))


def honest(state: State, group: Group, now: datetime, zone: str) -> Text:  # noqa: ARG001
    """Say when somebody may look at what a member has raised, on the clocks of a zone.

    Nobody is told that somebody knows, and no hour is promised that a group does not have.
    """
    return Text("honest-no-hours" if on_duty(state, group, now) else "honest-nobody")


def _tell_others(turn: Turn, group: Group) -> Outcome:
    places = (
        *places_of_facilitators(turn.state, group, but=turn.user),
        *chats_of(turn.state, lead_of(group)),
    )
    text = Text("duty-nobody", {"user": turn.user, "group": group.charter.name})
    elsewhere = [place for place in dict.fromkeys(places) if place != turn.room]
    return notices(elsewhere, group, text, kind="duty")


def _timer(user: UserId) -> str:
    return f"duty {user}"
