"""Whether a group still has those who look after it: two of them, and not silent for weeks.

Each is said once when it begins, and again every week while it lasts. It is looked at whenever the
rooms are, so that no clock that jumps and no outage lets it be forgotten.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import TellOperator
from appservice.domain.group import Group
from appservice.domain.membership import FACILITATORS, chats_of, facilitates, facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.state import State
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId, Values

AGAIN = timedelta(days=7)
SILENT = timedelta(days=14)
COMING = timedelta(days=7)  # after founding: those who are named may not have come yet
_UNWATCHED = frozenset({"draft", "closed"})


def looked(here: Turn, group: Group) -> tuple[Group, Outcome]:
    """Tell lead and operator what is amiss, if it is time to."""
    if group.stage in _UNWATCHED or group.session is not None:
        return group, Outcome()
    after, few = _few(here, group)
    after, silent = _silent(here, after)
    kept = Outcome() if after == group else Outcome(puts=(after,))
    return after, kept + few + silent


def present(state: State, group: Group, now: datetime) -> tuple[UserId, ...]:
    """Return the facilitators that a group can count on.

    Not whoever went, nor whose new identity nobody has confirmed; who is named and has not come
    yet only in the first week.
    """
    known = {c.user for c in state.consents if c.group == group.id}
    here = []
    for user in facilitators(group.charter):
        person = state.people.get(user)
        rests = person is not None and person.new_identity is not None
        coming = user not in known and now - group.founded < COMING
        if not rests and (coming or state.consent(user, group.id) is not None):
            here.append(user)
    return tuple(here)


def _few(here: Turn, group: Group) -> tuple[Group, Outcome]:
    count = len(present(here.state, group, here.now))
    told = group.team.few_told
    if count >= FACILITATORS:
        return replace(group, team=replace(group.team, few_told=None)), Outcome()
    if not _is_time(told, here.now):
        return group, Outcome()
    facts = {"group": group.id, "facilitators": str(count)}
    out = Outcome(effects=(TellOperator(Text("operator-few-facilitators"), facts),))
    out += _to_lead(here, group, "few-facilitators", {"count": count})
    return replace(group, team=replace(group.team, few_told=here.now)), out


def _silent(here: Turn, group: Group) -> tuple[Group, Outcome]:
    since = max(group.founded, group.team.active or group.founded)
    if here.now - since < SILENT:
        return replace(group, team=replace(group.team, silence_told=None)), Outcome()
    if not _is_time(group.team.silence_told, here.now):
        return group, Outcome()
    out = _to_lead(here, group, "silent-facilitators", {"days": SILENT.days})
    lead = group.charter.lead
    if not out.effects or (lead is not None and facilitates(lead, group)):
        facts = {"group": group.id, "days": str(SILENT.days)}
        out += Outcome(effects=(TellOperator(Text("operator-silent-facilitators"), facts),))
    return replace(group, team=replace(group.team, silence_told=here.now)), out


def _to_lead(here: Turn, group: Group, key: str, values: Values) -> Outcome:
    lead = group.charter.lead
    if lead is None or not chats_of(here.state, (lead,)):
        return Outcome()
    text = Text(key, {**values, "group": group.charter.name})
    return in_private(here, group, lead, notice(text, group=group.charter.name))


def _is_time(told: datetime | None, now: datetime) -> bool:
    """Tell whether to say it (again); what was said in the future was said by a wrong clock."""
    return told is None or not told <= now < told + AGAIN
