"""A drill: facilitators talk a made-up evening through, card by card; no member hears of it."""

from dataclasses import replace

from appservice.domain.cases.case import Track
from appservice.domain.crisis_plan.keeping import drilled
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.team_care import debrief
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text

CARDS = ("drill-1", "drill-2", "drill-3", "drill-4", "drill-5", "drill-6")


def is_no_time(turn: Turn, group: Group) -> bool:
    """Say whether a real person needs care now, which nobody may take for a drill."""
    cases = turn.state.cases or ()
    return any(
        case.group == group.id and case.is_open and case.track is Track.CARE for case in cases
    )


def begun(turn: Turn, group: Group) -> Outcome:
    """Show the first card to all facilitators."""
    after = replace(group, plan=replace(group.plan, drill=1))
    return Outcome(puts=(after,)) + _shown(turn, group, Text("drill-begun"), *_card(1))


def went_on(turn: Turn, group: Group) -> Outcome:
    """Show the next card; after the last one keep the day."""
    number = group.plan.drill + 1
    if number > len(CARDS):
        after = drilled(group, turn.now)
        over = Text("drill-over", {"date": f"{turn.now:%Y-%m-%d}"})
        return Outcome(puts=(after,)) + _shown(turn, group, over, *debrief.questions())
    after = replace(group, plan=replace(group.plan, drill=number))
    return Outcome(puts=(after,)) + _shown(turn, group, *_card(number))


def stopped(turn: Turn, group: Group) -> Outcome:
    """End it before its last card; it does not count."""
    after = replace(group, plan=replace(group.plan, drill=0))
    return Outcome(puts=(after,)) + _shown(turn, group, Text("drill-stopped"))


def _card(number: int) -> tuple[Text, ...]:
    values = {"number": number, "count": len(CARDS)}
    return Text("drill-only", values), Text(CARDS[number - 1]), Text("drill-how-on")


def _shown(turn: Turn, group: Group, *lines: Text) -> Outcome:
    said = turn.answer(Reply("drill", lines, group=group.charter.name))
    places = places_of_facilitators(turn.state, group, but=turn.user)
    others = (place for place in places if place != turn.room)
    return said + notices(others, group, *lines, kind="drill")
