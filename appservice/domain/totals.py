"""Totals of private answers: only sums of five or more are ever told, not even by subtraction.

Neighbouring choices are told together until five people stand behind them. So every total that is
shown is of five or more, and so is every difference of two of them; what stands together could be
shared out in several ways, and nobody can tell in which. docs/security.md, "Small numbers".
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True)
class Part:
    """How many chose one of these choices, which stand next to each other: five or more."""

    choices: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Totals:
    """What may be told about answers that are discarded now; it is told once, and to all alike."""

    count: int  # of all answers: five or more
    parts: tuple[Part, ...]  # in the order of the choices; one part alone tells no more than count
    often: str  # of one part: what came most often, of several the first; else empty


def totals(answers: Iterable[str], choices: Sequence[str]) -> Totals | None:
    """Return what may be told; None: of fewer than five answers nothing is.

    `choices`: ids in their order, so that neighbours mean something alike; each answer is one.
    """
    counts = Counter(answers)
    every = sum(counts[choice] for choice in choices)
    if every < LEAST:
        return None
    parts = _parts(counts, choices, every)
    # beside several parts it would give away that a choice in one of them is nobody's
    often = max(choices, key=lambda choice: counts[choice]) if len(parts) == 1 else ""
    return Totals(every, parts, often)


def _parts(counts: Counter[str], choices: Sequence[str], left: int) -> tuple[Part, ...]:
    """Close a part as soon as five are in it, unless fewer than five would be left over."""
    parts: list[Part] = []
    open_ones: list[str] = []
    inside = 0
    for choice in choices:
        open_ones.append(choice)
        inside += counts[choice]
        if inside >= LEAST and left - inside >= LEAST:
            parts.append(Part(tuple(open_ones), inside))
            left -= inside
            open_ones, inside = [], 0
    return (*parts, Part(tuple(open_ones), inside))
