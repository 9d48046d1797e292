"""The end of a group: everybody is told and out, and what was kept is erased."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.charter import Charter
from appservice.domain.departure import KEPT_FOR, kept_until
from appservice.domain.effects import EmptyRoom
from appservice.domain.gate.application import dropped
from appservice.domain.gate.record import taken_back
from appservice.domain.grace import over
from appservice.domain.ground_rules import renewal
from appservice.domain.ground_rules.asking import to_member
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import Consent, Group, Person
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text

TOPICS = ("gate", "renewal", "draft", "split")


def ended(here: Turn, group: Group) -> Outcome:
    """Close a group: every consent ends, every room is emptied, and its words are gone.

    Its neutral name and its rules stay, so that a receipt can still be compared; its members'
    consents are kept for as long as those of whoever leaves.
    """
    state = here.state
    out = Outcome(
        puts=(Group(group.id, "closed", _bare(group.charter), group.founded),),
        drops=(
            *(code for code in state.codes if code.group == group.id),
            *(version for version in state.versions if version.group == group.id),
        ),
        effects=tuple(EmptyRoom(group.id, room) for room in group.rooms.values()),
    )
    for application in (one for one in state.applications if one.group == group.id):
        out += dropped(application)
    for waiting in renewal.in_group(state, group.id):
        out += renewal.ended(waiting)
    for grace in (one for one in state.graces if one.group == group.id):
        out += over(grace)
    for consent in current(state.consents, group):
        gone = replace(consent, withdrawn=here.now, pauses=(), options=())
        out += Outcome(puts=(gone,), entries=taken_back(consent, here.now))
        out += kept_until(gone, here.now + KEPT_FOR)
        out += _farewell(here, group, consent)
    return out


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
    asked = person.asked
    for topic in TOPICS:
        asked = closed(asked, topic, group.id)
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
