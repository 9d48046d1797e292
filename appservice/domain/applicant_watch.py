"""What the clock and the reconciler do for those who wait at the door of a group."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.applicants import waiting_in
from appservice.domain.application import Application, EventIn
from appservice.domain.effects import TakeBack
from appservice.domain.events import AnswersQuoted, ApplicantDue
from appservice.domain.gate.application import abandoned, quotes_gone
from appservice.domain.gate.passing import is_full
from appservice.domain.gate.waiting import ANSWERS_KEPT, UNDECIDED, forgotten, looking
from appservice.domain.ground_rules.asking import tell
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import CauseId, GroupId, RoomId, Text, UserId, Values


def quoted(state: State, event: AnswersQuoted) -> Outcome:
    """Keep where answers were quoted, so that it can be taken back; at once, if it is too late."""
    application = _waits(state, event.user, event.group)
    if application is None or not application.answers:
        return Outcome(effects=(TakeBack(event.room, event.event),))
    quote = EventIn(event.room, event.event)
    return Outcome(puts=(replace(application, quotes=(*application.quotes, quote)),))


def place_free(state: State, group: Group) -> Outcome:
    """Tell facilitators, once, that a place is free while people wait on the list for one."""
    if group.charter.capacity is None or state.restored:
        return NOTHING
    on_list = [waiting.number for waiting, _ in waiting_in(state, group) if waiting.listed]
    free = bool(on_list) and not is_full(state, group)
    if free == group.place_told:
        return NOTHING
    kept = Outcome(puts=(replace(group, place_told=free),))
    if not free:
        return kept
    values: Values = {"group": group.charter.name, "number": min(on_list)}
    return kept + notices(places_of_facilitators(state, group), group, Text("place-free", values))


def due(state: State, event: ApplicantDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: forget answers after a week, remind once, end after half a year."""
    group = state.groups.get(event.group)
    application = _waits(state, event.user, event.group)
    if group is None or application is None:
        return NOTHING
    if state.restored:  # perhaps somebody decided after the copy was made
        return looking(application, now + ANSWERS_KEPT)
    if now >= application.expires:
        return _over(state, application, group, cause, now)
    application, done = _answers_over(application, now)
    application, told = _reminded(state, application, group, now)
    return done + told + looking(application, _next_look(application, now))


def _over(
    state: State, application: Application, group: Group, cause: CauseId, now: datetime
) -> Outcome:
    person = state.person or Person(application.user)
    here = Turn(state, person.chat or RoomId(""), person, application.language, cause, now)
    name = group.charter.name
    over = notice(Text("applying-over", {"group": name}), group=name)
    return abandoned(state, application) + tell(here, application, over)


def _answers_over(application: Application, now: datetime) -> tuple[Application, Outcome]:
    if now < _since(application) + ANSWERS_KEPT:
        return application, NOTHING
    return forgotten(application), quotes_gone(application)


def _reminded(
    state: State, application: Application, group: Group, now: datetime
) -> tuple[Application, Outcome]:
    waiting = application.waiting
    if waiting is None or waiting.listed or waiting.reminded or now < waiting.since + UNDECIDED:
        return application, NOTHING
    values: Values = {"number": waiting.number, "group": group.charter.name}
    told = notices(places_of_facilitators(state, group), group, Text("applicant-waits", values))
    return replace(application, waiting=replace(waiting, reminded=True)), told


def _next_look(application: Application, now: datetime) -> datetime:
    since = _since(application)
    moments = (since + ANSWERS_KEPT, since + UNDECIDED, application.expires)
    return min(moment for moment in moments if moment > now)


def _since(application: Application) -> datetime:
    return application.waiting.since if application.waiting else application.started


def _waits(state: State, user: UserId, group: GroupId) -> Application | None:
    for application in state.applications:
        if (application.user, application.group) == (user, group):
            return application if application.waiting is not None else None
    return None
