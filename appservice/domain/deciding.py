"""What facilitators decide about somebody who waits at the door of their group."""

from dataclasses import replace

from appservice.domain.applicants import said_of
from appservice.domain.application import Application
from appservice.domain.effects import Unwake
from appservice.domain.gate.application import abandoned, kept, quotes_gone, waiting_timer
from appservice.domain.gate.passing import is_full, let_in
from appservice.domain.gate.rules_text import version_of
from appservice.domain.gate.waiting import forgotten, looking, standing
from appservice.domain.gate.walk import ask
from appservice.domain.ground_rules.asking import to_member
from appservice.domain.group import Decision, Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.membership import may_apply, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome, with_groups
from appservice.domain.person import Person
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text

KEPT = 50  # decisions that a group remembers
LAST_STATEMENT = 6  # step of the gate


def accepted(turn: Turn, group: Group, application: Application, number: int) -> Outcome:
    """Let somebody in; where the rules changed meanwhile, they are asked about them first."""
    name = group.charter.name
    fault = None if may_apply(application.user, group, turn.now) else "group-not-open"
    if fault is None and is_full(turn.state, group):
        fault = "group-is-full"
    if fault is not None:
        return turn.refuse(Text(fault, {"group": name}), group=group)
    if application.rules_version == version_of(group):
        here = to_member(turn, application) or replace(turn, person=Person(application.user))
        inside = let_in(here, application, group)
    else:
        inside = _asked_again(turn, application)
    decided = replace(_decided(turn, group, number, "accepted"), place_told=False)
    return inside + Outcome(puts=(decided,)) + _told_all(turn, decided)


def waitlisted(turn: Turn, group: Group, application: Application, number: int) -> Outcome:
    """Put somebody on the list for a place, and tell them what that means."""
    waiting = application.waiting
    if waiting is None or waiting.listed:
        already = Text("applicant-on-the-list", {"number": number})
        return turn.answer(notice(already, group=group.charter.name))
    on_list = forgotten(replace(application, waiting=replace(waiting, listed=True)))
    here = to_member(turn, application)
    told = NOTHING if here is None else standing(here, on_list, group)
    decided = _decided(turn, group, number, "waitlisted")
    return (
        quotes_gone(application)
        + looking(on_list, on_list.expires)
        + Outcome(puts=(decided,))
        + told
        + _told_all(turn, decided)
    )


def declined(turn: Turn, group: Group, application: Application, number: int) -> Outcome:
    """Tell somebody kindly that they cannot come in, and who is there for them; keep no reason."""
    here = to_member(turn, application)
    told = NOTHING
    if here is not None:
        numbers = lines_for(turn.state.house, country_of(here.person, (group,)))
        lines = (
            Text("applying-declined", {"group": group.charter.name}),
            Text("card", {"lines": (Text("numbers-bad-night"), *numbers)}),
        )
        told = here.answer(Reply("declined", lines, group=group.charter.name))
    gone = abandoned(turn.state, application)
    group = with_groups(turn.state, gone).groups[group.id]
    decided = _decided(turn, group, number, "declined")
    return gone + Outcome(puts=(decided,)) + told + _told_all(turn, decided)


def _decided(turn: Turn, group: Group, number: int, what: str) -> Group:
    decision = Decision(number, what, turn.user, turn.now)
    return replace(group, decisions=(*group.decisions, decision)[-KEPT:])


def _told_all(turn: Turn, group: Group) -> Outcome:
    """Say the newest decision here, and to facilitators who are elsewhere."""
    said = said_of(group.decisions[-1])
    others = [place for place in places_of_facilitators(turn.state, group) if place != turn.room]
    return turn.answer(notice(said, group=group.charter.name)) + notices(others, group, said)


def _asked_again(turn: Turn, application: Application) -> Outcome:
    """Go back to the rules, which have changed; nobody decides about them a second time."""
    unwake = Unwake(waiting_timer(application.user, application.group))
    ended = quotes_gone(application) + Outcome(effects=(unwake,))
    again = replace(forgotten(application), step=LAST_STATEMENT, waiting=None, accepted=True)
    here = to_member(turn, application)
    return ended + (kept(again, turn.now) if here is None else ask(here, again))
