"""!professionals: shows or sets whom near you help names to your members, or off."""

from dataclasses import replace

from appservice.domain.charter import PROFESSIONALS
from appservice.domain.drafting.signing import changed
from appservice.domain.facilitation import facilitated_first
from appservice.domain.helplines import near
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

LONGEST = 200  # letters


def professionals(turn: Turn, rest: str) -> Outcome:
    """Keep it as a part of the crisis plan; the other facilitators are told."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    name = group.charter.name
    if not rest:
        return turn.answer(notice(near(group) or Text("professionals-none"), group=name))
    words = "" if subcommand(turn, rest, "professionals", ("off",)) == ("off", "") else rest
    if len(words) > LONGEST:
        text = Text("professionals-long", {"letters": LONGEST})
        return turn.refuse(text, group=group)
    plan = {**dict(group.charter.crisis_plan), PROFESSIONALS: words}
    charter = replace(group.charter, crisis_plan=tuple((k, v) for k, v in plan.items() if v))
    after = replace(group, charter=charter)
    told = near(after) or Text("professionals-none")
    kept = changed(turn, group, after) if group.stage == "draft" else Outcome(puts=(after,))
    places = (p for p in places_of_facilitators(turn.state, after) if p != turn.room)
    return kept + turn.answer(notice(told, group=name)) + notices(places, after, told)
