"""The end of a group: everybody is told and out, and what was kept is erased."""

from dataclasses import replace

from appservice.domain import orientation, rhythm
from appservice.domain.application import Application
from appservice.domain.asked import closed, closed_about
from appservice.domain.charter import Charter
from appservice.domain.departure import KEPT_FOR, kept_until
from appservice.domain.effects import EmptyRoom
from appservice.domain.gate.application import dropped
from appservice.domain.gate.record import taken_back
from appservice.domain.grace import over
from appservice.domain.ground_rules import renewal
from appservice.domain.ground_rules.asking import tell, to_member
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.own_pause import forgotten
from appservice.domain.person import Person
from appservice.domain.postvention import keeping as postventions
from appservice.domain.records import Consent
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def ended(here: Turn, group: Group) -> Outcome:
    """Close a group, or a session: every consent ends, every room is emptied, its words are gone.

    Its neutral name and its rules stay, so that a receipt can still be compared; what its members
    agreed to goes as it does after every membership.
    """
    state = here.state
    out = Outcome(
        puts=(Group(group.id, "closed", _bare(group.charter), group.founded),),
        drops=(
            *(code for code in state.codes if code.group == group.id),
            *(version for version in state.versions if version.group == group.id),
        ),
        effects=tuple(EmptyRoom(group.id, room) for room in group.every_room),
    )
    out += rhythm.over(state, group)
    for one in group.postventions:
        out += postventions.unmarked(state, one.user, group.id)
    for application in (one for one in state.applications if one.group == group.id):
        out += dropped(application) + _in_vain(here, group, application)
    for waiting in renewal.in_group(state, group.id):
        out += renewal.ended(waiting)
    for grace in (one for one in state.graces if one.group == group.id):
        out += over(grace)
    for consent in current(state.consents, group):
        gone = replace(consent, withdrawn=here.now, pauses=(), pause_ends=None, options=())
        out += Outcome(puts=(gone,), entries=taken_back(consent, here.now)) + forgotten(consent)
        out += kept_until(gone, here.now + KEPT_FOR)
        out += orientation.forgotten(state, consent.user, group)
        out += _farewell(here, group, consent) if group.session is None else NOTHING
    return out


def _in_vain(here: Turn, group: Group, application: Application) -> Outcome:
    """Tell somebody who waits at the door that it does not open any more."""
    if application.waiting is None:
        return NOTHING
    name = group.charter.name
    return tell(here, application, notice(Text("applying-closed", {"group": name}), group=name))


def _farewell(here: Turn, group: Group, consent: Consent) -> Outcome:
    """Say goodbye to one member, with numbers for whatever night comes."""
    turn = to_member(here, consent)
    if turn is None:
        return NOTHING
    numbers = lines_for(here.state.house, country_of(turn.person, (group,)))
    said = Reply(
        "withdrawn",
        (
            Text("closed-farewell", {"group": group.charter.name}),
            Text("card", {"lines": (Text("closing-numbers"), *numbers)}),
        ),
        group=group.charter.name,
    )
    return replace(turn, person=_without(turn.person, group)).answer(said)


def _without(person: Person, group: Group) -> Person:
    asked = closed_about(person.asked, group.id)
    if group.split is not None:
        asked = closed(asked, "split", group.split.new)
    return replace(person, asked=asked)


def _bare(charter: Charter) -> Charter:
    return replace(
        charter,
        title="",
        purpose="",
        for_whom="",
        not_for_whom="",
        what_happens="",
        hours="",
        facilitators=(),
        lead=None,
        greeters=(),
        tech_hosts=(),
        questions=(),
        crisis_plan=(),
        review="",
    )
