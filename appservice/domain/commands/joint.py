"""joint: shows sessions of your group with another one, and asks whether you want to come."""

from dataclasses import replace

from appservice.domain.gate.passing import admitted_with
from appservice.domain.group import Group
from appservice.domain.joint.asking import ask, is_on, may_enter, own_group
from appservice.domain.joint.times import closes
from appservice.domain.outcome import Outcome
from appservice.domain.person import Person
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text


def joint(turn: Turn, rest: str) -> Outcome | None:
    """Ask about each session anew; who takes part is invited once more."""
    if rest:
        return None
    found = _sessions(turn)
    if not found:
        return turn.answer(notice(Text("joint-nothing")))
    out = Outcome()
    for session, own in found:
        said = _about(turn, session, own)
        people = [put for put in said.puts if isinstance(put, Person)]
        turn = replace(turn, person=people[-1]) if people else turn
        out += said
    return out


def _about(turn: Turn, session: Group, own: Group) -> Outcome:
    name = session.charter.name
    if not may_enter(turn.state.house, session, turn.user):
        return turn.answer(notice(Text("joint-other-server"), group=name))
    consent = turn.state.consent(turn.user, session.id)
    if consent is None or session.session is None:
        return ask(turn, session, own)
    until = Moment(closes(session.session), own.charter.zone)
    line = Text("joint-in", {"name": name, "closes": until})
    return admitted_with(consent, session) + turn.answer(notice(line, group=name))


def _sessions(turn: Turn) -> list[tuple[Group, Group]]:
    """Return the sessions that are to come or under way, each with this member's group."""
    on = [group for group in turn.groups.values() if is_on(group, turn.now)]
    found = [(session, own_group(turn, session)) for session in on]
    return [(session, own) for session, own in found if own is not None]
