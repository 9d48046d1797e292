"""What somebody can do who is worried about somebody else: plain words, and the numbers."""

from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text

WORD = "help-someone"


def is_meant(turn: Turn, rest: str) -> bool:
    """Say whether the words after `help` mean somebody else."""
    return rest.casefold() in spellings(turn, WORD)


def lines(turn: Turn, numbers: Text) -> tuple[Text, ...]:
    """Say it, with the way to a facilitator for members."""
    flag = (Text("bystander-flag"),) if turn.consents() else ()
    return (Text("bystander-first"), numbers, Text("bystander-do"), *flag)
