"""The end of the gate: in, or asked and waiting; only a consent lets anybody in."""

from dataclasses import replace

from appservice.domain.application import Application
from appservice.domain.effects import Admit
from appservice.domain.gate.application import dropped
from appservice.domain.gate.messages import STATEMENT_DATA, STATEMENT_RULES, hash_of
from appservice.domain.gate.record import given
from appservice.domain.gate.waiting import ANSWERING, asking, wait
from appservice.domain.grace import over
from appservice.domain.group import Group
from appservice.domain.membership import current, facilitates, rooms_of
from appservice.domain.outcome import Outcome
from appservice.domain.records import Consent
from appservice.domain.state import State
from appservice.domain.turn import Turn
from appservice.domain.types import EventId, RoomKind


def passed(turn: Turn, application: Application) -> Outcome:
    """Go on with somebody who has written both statements.

    They come in, unless the facilitators have the last word or no place is free. Facilitators,
    and whoever was found inside without a consent, need neither.
    """
    group = turn.groups[application.group]
    if facilitates(turn.user, group) or _is_inside(turn, group):
        return let_in(turn, application, group) + turn.silence()
    if group.charter.approval and not (application.trusted or application.accepted):
        if group.charter.questions:
            return asking(turn, replace(application, step=ANSWERING), group)
        return wait(turn, application, group)
    if is_full(turn.state, group):
        return wait(turn, application, group, listed=True)
    return let_in(turn, application, group) + taking_a_place(group) + turn.silence()


def is_full(state: State, group: Group) -> bool:
    """Say whether as many people have a consent as the group has places."""
    capacity = group.charter.capacity
    return capacity is not None and len(current(state.consents, group)) >= capacity


def taking_a_place(group: Group) -> Outcome:
    """Write the group anew, so that of two who take the last place at once one looks again."""
    return Outcome(puts=(group,)) if group.charter.capacity is not None else Outcome()


def let_in(turn: Turn, application: Application, group: Group) -> Outcome:
    """Write the consent down, and only with it: let them in."""
    words, language = turn.state.words, application.language
    version, digest = hash_of(group, language)
    consent = Consent(
        user=application.user,
        group=group.id,
        given=application.agreed or turn.now,
        language=language,
        rules_version=version,
        rules_hash=digest,
        rules_statement=words.say(STATEMENT_RULES, language),
        rules_event=application.rules_agreed or EventId(""),
        data_statement=words.say(STATEMENT_DATA, language),
        data_event=application.data_agreed or EventId(""),
        age_confirmed=group.charter.minimum_age,
    )
    return (
        dropped(application)
        + _grace_over(turn.state, application)
        + Outcome(puts=(consent,), entries=given(consent))
        + admitted_with(consent, group)
    )


def admitted_with(consent: Consent, group: Group) -> Outcome:
    """Invite somebody with a consent into what it opens; nothing before the circle is made."""
    if RoomKind.CIRCLE not in group.rooms:
        return Outcome()
    admit = Admit(consent.user, group.id, rooms_of(group, consent))
    return Outcome(effects=(admit,))


def _is_inside(turn: Turn, group: Group) -> bool:
    return any((g.user, g.group) == (turn.user, group.id) for g in turn.state.graces)


def _grace_over(state: State, application: Application) -> Outcome:
    ended = Outcome()
    for grace in state.graces:
        if grace.key == application.key:
            ended += over(grace)
    return ended
