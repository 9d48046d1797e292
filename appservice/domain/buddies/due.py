"""What the clock does for buddies: old wishes go, questions go on to the next, fortnights end."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.buddies.matching import OVER, buddies_of, lapsed, matched, prompt
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.prompt_timers import waking
from appservice.domain.state import State
from appservice.domain.types import CauseId


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:  # noqa: ARG001
    """Look at all of them; who ended their side before hears nothing at the end of it."""
    buddies = lapsed(buddies_of(state, group.id), now)
    out, halves = Outcome(), {}
    for user, own in buddies.halves.items():
        left = tuple(half for half in own if now < half.until)
        if left:
            halves[user] = left
        if len(left) < len(own):
            out += waking(prompt(user, group.id, OVER), now)
    return matched(state, group, replace(buddies, halves=halves), now) + out
