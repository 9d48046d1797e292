"""Off duty, away and back, in a facilitator's own words."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.cases.alerts import named
from appservice.domain.cases.case import Stage
from appservice.domain.cases.seeing import all_seen, may_be_asked
from appservice.domain.duty.who import available, is_off
from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import DutyDue
from appservice.domain.group import Group
from appservice.domain.membership import (
    chats_of,
    facilitated_by,
    places_of_facilitators,
)
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.paging.ending import forgotten
from appservice.domain.person import OffDuty
from appservice.domain.roles.telling import lead_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn, language_of
from appservice.domain.types import CauseId, Moment, Text, UserId


def off(turn: Turn, until: datetime | None, *, away: bool = False) -> Outcome:
    """Let somebody be off duty; where nobody is left, the others and the lead are told so.

    `away`: nothing at all is to reach them, not even a red case that nobody answers.
    """
    person = replace(turn.person, off=OffDuty(turn.now, until, away))
    state = replace(turn.state, people={**turn.state.people, turn.user: person})
    if until is None:
        timer = Outcome(effects=(Unwake(_timer(turn.user)),))
        lines = [Text("duty-off")]
    else:
        timer = Outcome(effects=(Wake(_timer(turn.user), until, DutyDue(turn.user)),))
        zones = [group.charter.zone for group in facilitated_by(turn.state, turn.user)]
        date = Moment(until, (zones or ["UTC"])[0])
        lines = [Text("duty-away-until" if away else "duty-off-until", {"date": date})]
    lines += _still_theirs(turn)
    told = Outcome()
    for group in facilitated_by(state, turn.user):
        if not available(state, group, turn.now):
            lines.append(Text("duty-nobody-else", {"group": group.charter.name}))
            lines.append(Text("duty-flags-then"))
            told += _tell_others(turn, group)
    return timer + replace(turn, person=person).answer(Reply("duty", tuple(lines))) + told


def on(turn: Turn) -> Outcome:
    """Let somebody be on duty again."""
    back = replace(turn, person=replace(turn.person, off=None))
    unwake = Outcome(effects=(Unwake(_timer(turn.user)),))
    return unwake + back.answer(Reply("duty", (Text("duty-on"), *_waiting(turn))))


def due(state: State, event: DutyDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again; who said until when they are off hears that they are on duty from now.

    Who is in charge of nothing any more has no addresses either, and hears nothing of that.
    """
    if state.person is None:
        return NOTHING
    person = forgotten(state, state.person)
    if person.off is None or person.off.until is None or is_off(person, now):
        return Outcome(puts=(person,) if person != state.person else ())
    person = replace(person, off=None)
    if person.chat is None or state.is_mourned(event.user):
        return Outcome(puts=(person,))
    if not facilitated_by(state, event.user):
        return Outcome(puts=(person,))
    turn = Turn(state, person.chat, person, language_of(state, person), cause, now)
    return turn.answer(Reply("duty", (Text("duty-on-again"), *_waiting(turn))))


def _waiting(turn: Turn) -> tuple[Text, ...]:
    """Say which cases nobody has, of those that somebody who is back may look after."""
    groups = {group.id: group for group in facilitated_by(turn.state, turn.user)}
    cases = (case for case in turn.state.cases or () if case.stage is Stage.RECEIVED)
    theirs = [
        case
        for case in sorted(cases, key=lambda one: one.number)
        if case.group in groups and may_be_asked(turn.state, groups[case.group], case, turn.user)
    ]
    if turn.shared:  # where others read, who may not know of all of these
        return ()
    return tuple(
        Text("alert-waits-still", {"case": named(case), "number": case.number}) for case in theirs
    )


def _still_theirs(turn: Turn) -> list[Text]:
    """Say which cases they have, of those that may be spoken of here, and how to hand them on."""
    own = (one.case for one in all_seen(turn) if one.case.owner == turn.user and one.case.is_open)
    return [Text("duty-still-yours", {"case": named(case), "number": case.number}) for case in own]


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
