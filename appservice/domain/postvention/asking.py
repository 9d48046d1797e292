"""After a death facilitators can let each member be asked in private what helps.

Nobody has to answer. It brings numbers to call, so it is not among the five unasked messages of a
week. It comes to nobody who wants nothing unasked, and not at night.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.contact import offer
from appservice.domain.events import PromptDue
from appservice.domain.group import Group, Postvention
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.postvention.keeping import changed
from appservice.domain.prompt_timers import fitting, soon
from appservice.domain.prompts import welcome
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import CauseId, Prompt, Text

USEFUL_FOR = timedelta(days=2)


def begun(turn: Turn, group: Group, one: Postvention) -> Outcome:
    """Have everybody else asked once."""
    out = Outcome(puts=(changed(group, replace(one, asked=turn.now)),))
    for consent in current(turn.state.consents, group):
        if not turn.state.is_mourned(consent.user) and consent.user != turn.user:
            out += soon(PromptDue(consent.user, group.id, Prompt.LOSS), turn.now)
    return out


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: it was not taken back, it is not too late, and they may hear it."""
    group = state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if group is None or turn is None:
        return NOTHING
    asked = [one.asked for one in group.postventions if one.asked is not None]
    if not asked or now - max(asked) > USEFUL_FOR:
        return NOTHING
    fits = fitting(turn, event, group, now, counts=False)
    if isinstance(fits, Outcome):
        return fits
    numbers = lines_for(state.house, country_of(turn.person, (group,)))
    choices, ask = offer(turn)
    lines = (
        Text("loss-member", {"group": group.charter.name}),
        Text("card", {"lines": (Text("loss-numbers"), *numbers)}),
    )
    name = group.charter.name
    return turn.answer(Reply("notice", lines, choices=choices, ask=ask, group=name))
