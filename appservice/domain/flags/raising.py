"""What somebody raises becomes a case; more about a care case that waits goes into that one."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.cases.case import Case, Level, Noted, Stage, Track
from appservice.domain.cases.clock import as_kept, kept
from appservice.domain.cases.holding import waiting_again
from appservice.domain.cases.opening import Raised, opened
from appservice.domain.duty.who import is_off
from appservice.domain.effects import Message, Quote, Say
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import chat_of
from appservice.domain.turn import Turn
from appservice.domain.types import Text

DAY = timedelta(hours=24)
CONDUCT_A_DAY = 5  # of one member; care is never counted
MOST_IN_ONE = 120  # messages in one case; what comes later is another case


def raised(turn: Turn, group: Group, what: Raised) -> tuple[Case, Outcome]:
    """Return the case that has it now, and what keeps it."""
    case = _same(turn, group, what)
    return opened(turn, group, what) if case is None else _added(turn, group, case, what)


def is_much(turn: Turn) -> bool:
    """Say whether somebody has raised as much about behaviour today as one member may."""
    own = (case for case in turn.state.cases or () if case.reporter == turn.user)
    today = [c for c in own if c.track is Track.CONDUCT and turn.now - c.opened < DAY]
    return len(today) >= CONDUCT_A_DAY


def _same(turn: Turn, group: Group, what: Raised) -> Case | None:
    """Return their newest care case of today about the same, if it will be looked at anyway."""
    wanted = (group.id, turn.user, Track.CARE, what.about, what.visible)
    found = [
        case
        for case in turn.state.cases or ()
        if (case.group, case.reporter, case.track, case.about, case.visible) == wanted
        and case.is_open
        and turn.now - case.opened < DAY
        and len(case.excerpt) + len(what.excerpt) <= MOST_IN_ONE
        and (_alarms(case, what) if case.stage is Stage.RECEIVED else _is_heard(turn, case, what))
    ]
    return max(found, key=lambda case: case.number, default=None)


def _alarms(case: Case, what: Raised) -> bool:
    """Say whether danger would be told at once: not where people have set a milder level."""
    return not what.urgent or case.level in (None, Level.RED)


def _is_heard(turn: Turn, case: Case, what: Raised) -> bool:
    """Say whether whoever has the case will see more of it.

    Danger waits for nobody who is busy with the first part of it, or asleep by now.
    """
    owner = turn.state.people.get(case.owner) if case.owner is not None else None
    there = owner is not None and owner.chat is not None and not is_off(owner, turn.now)
    return there and not what.urgent


def _added(turn: Turn, group: Group, case: Case, what: Raised) -> tuple[Case, Outcome]:
    more = tuple(place for place in what.excerpt if place not in case.excerpt)
    after = replace(
        case,
        excerpt=(*case.excerpt, *more),
        urgent=case.urgent or what.urgent,
        log=(*case.log, Noted("added", turn.now)),
    )
    if what.urgent and not case.urgent and case.stage is Stage.RECEIVED:
        after = waiting_again(after, turn.now)  # who was asked before was not asked about danger
    out = kept(turn, group, case, after)
    now = as_kept(after, out)
    return now, out + _handed_on(turn, group, now, replace(what, excerpt=more))


def _handed_on(turn: Turn, group: Group, case: Case, what: Raised) -> Outcome:
    """Give it to whoever has the case, now that it was looked at; else it comes with the claim."""
    owner = chat_of(turn, group, case.owner) if case.owner is not None else None
    if owner is None:
        return NOTHING
    kind = "case_excerpt" if what.excerpt else "case_note"
    line = Text("flag-added" if what.excerpt else "flag-asked-again", {"case": case.name})
    message = Message(
        kind, (line,), owner.language, (kind,), group=group.charter.name, case=case.name
    )
    words = (
        Quote(
            owner.room,
            replace(message, lines=(Text("case-excerpt-note", {"number": case.number}),)),
            turn.user,
            group.id,
            ((Text("flag-as-sent"), place),),
            followed=False,
            gone=Text("flag-gone"),
            folded=True,
        )
        for place in what.excerpt
    )
    return Outcome(effects=(Say(owner.room, message), *words))
