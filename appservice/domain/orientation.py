"""Three short tips for whoever is new, once in their life: after a day, three days, and seven.

One word ends them. They count among the messages that come unasked, and wait for a better time.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import TipDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.prompts import awake_at, counted, has_room, wants_any, zone_of
from appservice.domain.state import State
from appservice.domain.turn import Turn, in_chat, notice
from appservice.domain.types import CauseId, Text, UserId

DAYS = (1, 3, 7)  # after they were let in
TIPS = (Text("tip-read"), Text("tip-help"), Text("tip-go"))
APART = timedelta(days=1)  # at least, also when the clock has jumped
USEFUL_FOR = timedelta(days=30)


def timer(user: UserId) -> str:
    """Name the timer of somebody's tips: of all groups together there is one."""
    return f"tips {user}"


def begun(turn: Turn, group: Group) -> tuple[Person, Outcome]:
    """Set the first tip for whoever never had any."""
    person = turn.person
    if person.oriented or person.tips is not None:
        return person, NOTHING
    event = TipDue(person.user, group.id, 1, turn.room, turn.now)
    wake = Wake(timer(person.user), turn.now + timedelta(days=DAYS[0]), event)
    return replace(person, oriented=True, tips=group.id), Outcome(effects=(wake,))


def due(state: State, event: TipDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again; whoever is not simply a member as before hears nothing, now and later."""
    turn = in_chat(state, cause, now)
    if turn is None or turn.person.tips != event.group:
        return NOTHING
    over = replace(turn.person, tips=None)
    if not _welcome(turn, event):
        return replace(turn, person=over).silence()
    group = state.groups[event.group]
    if (later := _later(turn, group)) is not None:
        return Outcome(effects=(Wake(timer(event.user), later, event),))
    turn = replace(turn, person=counted(turn.person, now))
    text = Text(TIPS[event.step - 1].key, {"group": group.charter.name})
    said = notice(text, Text("tips-off"), group=group.charter.name)
    if event.step == len(TIPS):
        return replace(turn, person=replace(turn.person, tips=None)).answer(said)
    at = max(event.begun + timedelta(days=DAYS[event.step]), now + APART)
    wake = Wake(timer(event.user), at, replace(event, step=event.step + 1))
    return turn.answer(said) + Outcome(effects=(wake,))


def stopped(turn: Turn) -> Outcome:
    """Say nothing of the kind any more."""
    unwake, person = ended(turn)
    return unwake + replace(turn, person=person).answer(notice(Text("tips-stopped")))


def ended(turn: Turn) -> tuple[Outcome, Person]:
    """End them; return the person who is to be kept."""
    unwake = Outcome(effects=(Unwake(timer(turn.user)),))
    return unwake, replace(turn.person, oriented=True, tips=None)


def forgotten(state: State, user: UserId, group: Group) -> Outcome:
    """Forget the timer of whoever leaves the group that the tips are about."""
    own = state.person if state.person is not None and state.person.user == user else None
    person = state.people.get(user, own)
    if person is None or person.tips != group.id:
        return NOTHING
    return Outcome(effects=(Unwake(timer(user)),))


def _later(turn: Turn, group: Group) -> datetime | None:
    """Return when to look again: not in quiet hours, not while they sleep, and not too much."""
    person, now = turn.person, turn.now
    if not wants_any(person, now):
        return person.snoozed
    if not has_room(person, now):
        return now + APART
    awake = awake_at(person, zone_of(person, group), now)
    return awake if awake > now else None


def _welcome(turn: Turn, event: TipDue) -> bool:
    """Say whether the tip still fits: the same chat, a member who is well and not paused."""
    state, room = turn.state, turn.state.room
    consent, group = state.consent(event.user, event.group), state.groups.get(event.group)
    here = turn.room == event.room and room is not None and room.encrypted and not room.crowded
    member = consent is not None and not consent.pauses
    is_open = group is not None and group.stage == "open"
    in_time = turn.now - event.begun < USEFUL_FOR
    wanted = not turn.person.prompts_off
    return (
        wanted and here and member and is_open and in_time and state.cared_for(event.user) is None
    )
