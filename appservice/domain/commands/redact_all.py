"""!redact-all @NAME --since 2d: takes out what a member wrote in that time."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.conduct.asking import begun, moved
from appservice.domain.conduct.motion import REDACT_ALL
from appservice.domain.conduct.reading import length_in, rule_in, user_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Text

LONGEST = timedelta(days=30)


def redact_all(turn: Turn, rest: str) -> Outcome:
    """Ask for it; who has left since is meant too."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, _ = found
    known = (one.user for one in turn.state.consents if one.group == group.id)
    user, back = user_in(turn, known), length_in(turn)
    if user is None or not back or back > LONGEST:
        return turn.refuse(Text("redact-all-how", {"most": LONGEST.days}), group=group)
    motion = begun(turn, REDACT_ALL, user, rule_in(turn, group))
    return moved(turn, group, replace(motion, since=turn.now - back))
