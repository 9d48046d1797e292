"""What a group is not, said again every eight weeks or as its facilitators wish.

It comes by day, on the noticeboard or to each member as far as that is welcome, and never within
a day of a red case. Nothing that anybody writes brings it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import fitting, soon
from appservice.domain.prompts import is_calm, welcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import CauseId, Prompt, RoomKind, Text

BEGIN, END = 10, 20  # o'clock, on the clocks of the group
USEFUL_FOR = timedelta(days=3)  # in a private chat
LEAST, MOST = 2, 52  # weeks


def looked(here: Turn, group: Group) -> tuple[Group, Outcome]:
    """Say it to everybody, if it is time to and fits."""
    if group.stage != "open" or group.session is not None or not _is_due(group, here.now):
        return group, NOTHING
    hour = here.now.astimezone(ZoneInfo(group.charter.zone)).hour
    if not BEGIN <= hour < END or not is_calm(group, here.now):
        return group, NOTHING
    after = replace(group, limits_told=here.now)
    kept = Outcome(puts=(after,))
    if board := group.rooms.get(RoomKind.NOTICEBOARD):
        return after, kept + notices((board,), group, *lines_of(group))
    for consent in current(here.state.consents, group):
        kept += soon(PromptDue(consent.user, group.id, Prompt.LIMITS), here.now)
    return after, kept


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: say it to one member, while it is not too late and they want to hear it."""
    turn = welcome(state, event.user, event.group, cause, now)
    group = state.groups.get(event.group)
    if turn is None or group is None or not is_calm(group, now) or not group.charter.limits_every:
        return NOTHING
    if group.limits_told is None or now - group.limits_told > USEFUL_FOR:
        return NOTHING
    fits = fitting(turn, event, group, now)
    if isinstance(fits, Outcome):
        return fits
    return fits.answer(notice(*lines_of(group), group=group.charter.name))


def lines_of(group: Group) -> tuple[Text, ...]:
    """Return what the group is, what it is not, and where to turn to in danger."""
    name = {"group": group.charter.name}
    return Text("limits-are", name), Text("limits-are-not"), Text("limits-help")


def _is_due(group: Group, now: datetime) -> bool:
    weeks = group.charter.limits_every
    since = group.limits_told or group.founded
    return weeks > 0 and not since <= now < since + timedelta(weeks=weeks)
