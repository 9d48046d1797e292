"""Whether the numbers of a group's country may be said still, and who is told where they may not.

It is looked at whenever the rooms are, and said again every week while it lasts. Facilitators hear
that `help` has no numbers; the operator, who can mend it, hears that half a year before, and once
for all groups of a country.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import TellOperator
from appservice.domain.group import Group
from appservice.domain.helplines import numbers_of
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import NumbersTold
from appservice.domain.roles.telling import to_all_in_charge
from appservice.domain.turn import Turn
from appservice.domain.types import Text

AGAIN = timedelta(days=7)
_WATCHED = frozenset({"open", "quiet", "closing"})


def looked(here: Turn, group: Group) -> tuple[Group, Outcome]:
    """Tell those in charge and the operator, if it is time to; a new group has a week first."""
    if group.stage not in _WATCHED or group.session is not None or _is_recent(group.founded, here):
        return group, NOTHING
    numbers = numbers_of(here.state.house, group.charter.country)
    if numbers.are_confirmed and not numbers.ageing:
        return group, NOTHING
    told = _operator(here, group.charter.country, (*numbers.waiting, *numbers.ageing))
    if numbers.are_confirmed or _is_recent(group.team.numbers_told, here):
        return group, told
    after = replace(group, team=replace(group.team, numbers_told=here.now))
    text = Text("numbers-not-shown", {"group": group.charter.name, **_country(group)})
    return after, Outcome(puts=(after,)) + told + to_all_in_charge(here.state, group, text)


def _country(group: Group) -> dict[str, str]:
    return {"country": group.charter.country}


def _operator(here: Turn, country: str, rows: tuple[str, ...]) -> Outcome:
    before = next((one.at for one in here.state.numbers_told if one.country == country), None)
    if _is_recent(before, here):
        return NOTHING
    facts = {"country": country, "rows": ", ".join(rows)}
    told = TellOperator(Text("operator-look-at-numbers", {"country": country}), facts)
    return Outcome(puts=(NumbersTold(country, here.now),), effects=(told,))


def _is_recent(moment: datetime | None, here: Turn) -> bool:
    """Say whether it is less than a week ago; what lies ahead was written by a wrong clock."""
    return moment is not None and moment <= here.now < moment + AGAIN
