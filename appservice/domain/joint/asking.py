"""How a member is asked for a consent to one session of two groups, and what they answer."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.events import PromptDue
from appservice.domain.gate.messages import hash_of
from appservice.domain.gate.passing import admitted_with
from appservice.domain.gate.record import given
from appservice.domain.gate.walk import seems_meant
from appservice.domain.group import Group
from appservice.domain.joint.times import closes
from appservice.domain.joint.words import TOPIC, Asking, question, statement_of
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked
from appservice.domain.prompt_timers import fitting
from appservice.domain.prompts import welcome, zone_of
from appservice.domain.records import Consent
from appservice.domain.state import House, State
from appservice.domain.turn import Turn, notice
from appservice.domain.types import CauseId, EventId, GroupId, Prompt, Text, UserId


def prompt(user: UserId, group: GroupId, session: GroupId) -> PromptDue:
    """Name the prompt by which a member of a group is asked."""
    return PromptDue(user, group, Prompt.JOINT, session)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again, then ask somebody who has not agreed yet."""
    session, own = state.groups.get(GroupId(event.about)), state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if session is None or own is None or turn is None or not is_on(session, now):
        return NOTHING
    if state.consent(event.user, session.id) is not None or not may_enter(
        state.house, session, event.user
    ):
        return NOTHING
    fits = fitting(turn, event, own, now)
    if isinstance(fits, Outcome):
        return fits
    return ask(fits, session, own)


def ask(turn: Turn, session: Group, own: Group, *first: Text) -> Outcome:
    """Ask for the sentence; `first` is said before."""
    if session.session is None:
        return NOTHING
    zone, other = zone_of(turn.person, own), other_name(session, own)
    asked = question(Asking(session, session.session, own, other, zone, turn.language))
    return turn.answer(replace(asked, lines=(*first, *asked.lines)))


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Take a yes or a no; a yes counts only of a member of one of the two groups."""
    session = turn.groups.get(asked.group) if asked.group is not None else None
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, asked.group))
    done = replace(turn, person=person, language=asked.language)
    own = own_group(turn, session) if session is not None else None
    if session is None or own is None or not is_on(session, turn.now):
        return done.answer(notice(Text("joint-over")))
    if choice != "agree":
        return done.answer(notice(Text("joint-declined"), group=own.charter.name))
    if turn.state.consent(turn.user, session.id) is not None:
        return done.answer(notice(Text("joint-in-already", {"name": session.charter.name})))
    if not may_enter(turn.state.house, session, turn.user):
        return done.refuse(Text("joint-other-server"))
    return _agreed(done, session, own) + done.silence()


def unclear(turn: Turn, asked: Asked) -> Outcome | None:
    """Ask for the sentence again if the text seems meant as one; None if it does not."""
    session = turn.groups.get(asked.group) if asked.group is not None else None
    if asked.topic != TOPIC or session is None or not seems_meant(turn, asked):
        return None
    own = own_group(turn, session)
    if own is None or not is_on(session, turn.now):
        return None
    return ask(replace(turn, language=asked.language), session, own, Text("statement-again"))


def is_on(session: Group, now: datetime) -> bool:
    """Say whether somebody can still come to a session."""
    about = session.session
    if session.stage != "joint" or about is None or about.off or not about.made:
        return False
    return now < closes(about)


def own_group(turn: Turn, session: Group) -> Group | None:
    """Return the group as whose member somebody can take part: there, and not paused."""
    ids = session.session.of if session.session is not None else ()
    consents = {one.group: one for one in turn.consents()}
    own = (turn.groups[id_] for id_ in ids if id_ in consents and not consents[id_].pauses)
    return next(own, None)


def may_enter(house: House, session: Group, user: UserId) -> bool:
    """Say whether an account can be in the room at all: of another server only if it is open."""
    return session.charter.federated or user.partition(":")[2] == house.keeper.partition(":")[2]


def other_name(session: Group, own: Group) -> str:
    """Return the name of the group that a group meets."""
    one, _, other = session.charter.name.partition(" + ")
    return one if other == own.charter.name else other


def _agreed(turn: Turn, session: Group, own: Group) -> Outcome:
    """Write the consent down, and only with it: invite them."""
    version, digest = hash_of(session, turn.language)
    sentence = turn.state.words.say(statement_of(session, other_name(session, own)), turn.language)
    consent = Consent(
        user=turn.user,
        group=session.id,
        given=turn.now,
        language=turn.language,
        rules_version=version,
        rules_hash=digest,
        rules_statement=sentence,
        rules_event=EventId(turn.event),
        data_statement=sentence,
        data_event=EventId(turn.event),
        age_confirmed=session.charter.minimum_age,
    )
    return Outcome(puts=(consent,), entries=given(consent)) + admitted_with(consent, session)
