"""!quiet: gives your group a quiet time, until you wake it or until a day."""

from datetime import timedelta

from appservice.domain.commands.hush import timed
from appservice.domain.conduct.reading import minutes_in
from appservice.domain.dates import day_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group_life.quiet import quieted
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

LATEST = timedelta(days=366)


def quiet(turn: Turn, rest: str) -> Outcome:
    """Let nobody new in and no prompt be said, and tell the members once."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if (minutes := minutes_in(turn, rest)) is not None:
        return timed(turn, group, minutes)
    name = group.charter.name
    if group.stage not in ("open", "quiet"):
        return turn.refuse(Text("stage-not-open", {"group": name}), group=group)
    until = day_in(rest) if rest else None
    if rest and (until is None or not turn.now < until <= turn.now + LATEST):
        return turn.refuse(Text("quiet-date"), group=group)
    said = notice(Text("quiet-said", {"group": name}), group=name)
    return quieted(turn, group, until) + turn.answer(said)
