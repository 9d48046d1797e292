"""Tells those who were asked that somebody has a case now, so that nobody else looks for it."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.cases.alerts import TOPIC, of_case
from appservice.domain.cases.asking import asked_on
from appservice.domain.cases.case import Case, Stage
from appservice.domain.cases.rungs import ladder, name
from appservice.domain.cases.seeing import may_be_asked, room_for
from appservice.domain.duty.who import is_away
from appservice.domain.group import Group
from appservice.domain.membership import chats_of
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.telling import notices
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId


def told(here: Turn, group: Group, before: Case | None, case: Case) -> Outcome:
    """Say who has a case that waited: in the facilitators' room, else in each one's chat.

    Whoever took it hears that elsewhere, as the answer to their word.
    """
    waited = before is not None and before.stage is Stage.RECEIVED
    if not waited or case.stage is not Stage.CLAIMED or case.owner is None:
        return NOTHING
    climbed = [rung for rung in ladder(group, case) if name(case, rung) in case.done]
    asked = asked_on(here.state, group, case, climbed, here.now)
    every = dict.fromkeys((*asked, *_still_asked(here, group, case)))
    others = [user for user in every if user not in (case.owner, here.user)]
    room = room_for(here.state, group, case)
    readers = group.charter.facilitators if room is not None else ()
    chats = chats_of(here.state, (user for user in others if user not in readers))
    places = (*((room,) if room is not None else ()), *chats)
    text = Text("alert-taken", {"case": case.name, "user": case.owner})
    said = of_case(case, notices(places, group, text, kind="case_claimed"))
    return said + _let_go(here, group, case, others)


def _still_asked(here: Turn, group: Group, case: Case) -> tuple[UserId, ...]:
    """Return who was asked, and would not be now: others are back on duty since."""
    state, topic = here.state, f"{TOPIC} {case.number}"
    return tuple(
        user
        for user, person in state.people.items()
        if may_be_asked(state, group, case, user)
        and not is_away(person, here.now)
        and any((a.topic, a.group, a.answered) == (topic, group.id, False) for a in person.asked)
    )


def _let_go(here: Turn, group: Group, case: Case, users: list[UserId]) -> Outcome:
    """Close the question who takes it: a number is an answer to something else from now."""
    topic = f"{TOPIC} {case.number}"
    people = (here.state.people[user] for user in users if user in here.state.people)
    after = ((one, replace(one, asked=closed(one.asked, topic, group.id))) for one in people)
    return Outcome(puts=tuple(new for old, new in after if new != old))
