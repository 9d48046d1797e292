"""flag: tells a facilitator in private what worries you, after you have seen what goes."""

from appservice.domain.flags import talk
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def flag(turn: Turn, rest: str) -> Outcome | None:
    """Begin with the numbers; None where the word is part of an ordinary sentence."""
    return talk.begun(turn, rest) if not rest or _is_meant(turn) else None


def _is_meant(turn: Turn) -> bool:
    """Say whether more words after the word belong to a flag: `flag Kim wrote`, `melden: ...`."""
    first = turn.text.split()[0].casefold()
    return first.endswith(":") or first.strip("*_\"'") == "flag"
