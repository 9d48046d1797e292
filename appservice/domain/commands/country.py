"""country DE: makes help show you the numbers of that country."""

from dataclasses import replace

from appservice.domain.helplines import country_code, lines_for
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def country(turn: Turn, rest: str) -> Outcome | None:
    """Keep the country and show its numbers, or say that none are known."""
    house = turn.state.house
    code = country_code(rest, house)
    if code is None:
        if len(rest.split()) > 1:
            return None
        return turn.answer(Reply("not_understood", (Text("country-unknown"),)))
    kept = replace(turn, person=replace(turn.person, country=code))
    numbers = Text("card", {"lines": lines_for(house, code)})
    return kept.answer(notice(Text("country-kept", {"country": code}), numbers))
