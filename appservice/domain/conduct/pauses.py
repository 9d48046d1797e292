"""A pause that facilitators gave: it ends by itself, by their word, or by an appeal.

Whoever leaves in it and comes back is paused until it would have ended.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from appservice.domain.buddies import wishing as buddies
from appservice.domain.conduct.records import standings
from appservice.domain.conduct.standing import Measure, Standing
from appservice.domain.events import Admitted
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.pausing import paused, resumed
from appservice.domain.records import Consent, PauseReason
from appservice.domain.roles.telling import chat_of
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Matter, Text

LEAST, USUAL, MOST = 1, 7, 30  # days


def begun(here: Turn, group: Group, consent: Consent) -> Outcome:
    """Let somebody only read; a buddy is not left waiting for them."""
    left = buddies.left(here.state, consent.user, group.id, here.now)
    return paused(group, consent, PauseReason.CONDUCT) + left


def without_old(standing: Standing, now: datetime) -> Standing:
    """Let the pause that runs be over: another step takes its place."""
    return _ended(standing, standing.pause, now)


def step(here: Turn, group: Group) -> Outcome | None:
    """End the first pause whose time is over."""
    for standing in standings(here.state, group):
        pause = standing.pause
        if pause is not None and pause.until is not None and pause.until <= here.now:
            over = _ended(standing, pause, here.now)
            return Outcome(puts=(over,)) + resumed_for(here, group, standing, "conduct-over")
    return None


def moments(here: Turn, group: Group) -> Iterable[datetime]:
    """Return when pauses end."""
    pauses = [standing.pause for standing in standings(here.state, group)]
    return [pause.until for pause in pauses if pause is not None and pause.until is not None]


def ended(here: Turn, group: Group, standing: Standing) -> Outcome:
    """End it sooner, on somebody's word."""
    over = _ended(standing, standing.pause, here.now)
    return Outcome(puts=(over,)) + resumed_for(here, group, standing, "conduct-sooner")


def resumed_for(here: Turn, group: Group, standing: Standing, key: str) -> Outcome:
    """Let them write again, with a kind word; who is paused for another reason stays so."""
    consent = here.state.consent(standing.user, group.id)
    if consent is None or PauseReason.CONDUCT not in consent.pauses:
        return NOTHING
    out = resumed(group, consent, PauseReason.CONDUCT)
    there = chat_of(here, group, standing.user)
    if there is None:
        return out
    name = group.charter.name
    lines = [Text(key, {"group": name})]
    if len(consent.pauses) > 1:
        lines.append(Text("conduct-still-paused"))
    return out + there.answer(Reply("resumed", tuple(lines), group=name))


def returned(state: State, event: Admitted, done: Outcome, now: datetime) -> Outcome:
    """Pause whoever comes in again while their pause runs; `done`: what was done before this."""
    standing, group = state.own(Standing, event.user, event.group), state.groups.get(event.group)
    kept = [put for put in done.puts if isinstance(put, Consent) and put.user == event.user]
    own = [one for one in kept if one.group == event.group]
    consent = own[-1] if own else state.consent(event.user, event.group)
    pause = standing.pause if standing is not None else None
    if group is None or consent is None or pause is None or pause.until is None:
        return NOTHING
    if now >= pause.until or PauseReason.CONDUCT in consent.pauses:
        return NOTHING
    if state.cared_for(event.user) is not None:  # no machine pauses whom an open care case names
        return NOTHING
    again = paused(group, consent, PauseReason.CONDUCT)
    return again + waking(group.id, Matter.CONDUCT, now)


def _ended(standing: Standing, pause: Measure | None, now: datetime) -> Standing:
    if pause is None:
        return standing
    over = replace(pause, ended=now)
    measures = tuple(over if one == pause else one for one in standing.measures)
    return replace(standing, measures=measures)
