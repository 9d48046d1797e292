"""Somebody who is said to have died writes to the keeper: facilitators are told at once.

It may have been a mistake, or somebody has their telephone. What they wrote is told to nobody.
"""

from dataclasses import replace
from datetime import datetime

from appservice.domain.events import MessageSaid
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import Outcome, with_groups
from appservice.domain.postvention.keeping import DAY, changed, of
from appservice.domain.state import State
from appservice.domain.turn import nowhere
from appservice.domain.types import Assurance, CauseId, Text


def noticed(
    state: State, event: MessageSaid, outcome: Outcome, cause: CauseId, now: datetime
) -> Outcome:
    """Tell each group that knows of their death, at most once a day."""
    if event.assurance is Assurance.PLAIN or not state.is_mourned(event.user):
        return outcome
    for group in with_groups(state, outcome).groups.values():
        one = of(group, event.user)
        if one is None or (one.wrote is not None and one.wrote <= now < one.wrote + DAY):
            continue
        here = nowhere(state, cause, now, group.charter.language)
        told = Text("postvention-wrote", {"user": event.user, "group": group.charter.name})
        outcome += Outcome(puts=(changed(group, replace(one, wrote=now)),))
        outcome += to_facilitators(here, group, told, lead=True)
    return outcome
