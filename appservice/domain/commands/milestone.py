"""milestone One year: tells your group of something that you want to celebrate."""

import re

from appservice.domain.milestones import previewed
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

LONGEST = 600  # characters


def milestone(turn: Turn, rest: str) -> Outcome:
    """Show first what would be said, and where."""
    groups = tuple(turn.groups[one.group] for one in turn.consents() if not one.pauses)
    if not groups:
        return turn.answer(notice(Text("milestone-cannot")))
    if not rest:
        return turn.answer(notice(Text("milestone-how")))
    if len(rest) > LONGEST:
        return turn.refuse(Text("milestone-too-long", {"most": LONGEST}))
    first = re.sub(r"\W", "", turn.text.split()[0]).casefold()
    return previewed(turn, groups, 1 if first in spellings(turn, "milestone") else 0)
