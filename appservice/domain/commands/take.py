"""!take: makes a case yours, and gives you its words in private: !take 12."""

from appservice.domain.cases.claiming import claimed, taken_over
from appservice.domain.commands.case import meant
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn


def take(turn: Turn, rest: str) -> Outcome:
    """Take a case that nobody has; with "over", one that a colleague has."""
    found = meant(turn, rest)
    if isinstance(found, Outcome):
        return found
    one, rest = found
    over = subcommand(turn, rest, "case", ("over",)) if rest else None
    return claimed(one) if over is None else taken_over(one)
