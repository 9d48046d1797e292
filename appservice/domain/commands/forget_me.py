"""forget me: takes you out of everything and erases what I keep about you."""

from appservice.domain import erasure
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def forget_me(turn: Turn, rest: str) -> Outcome | None:
    """Ask once; the answer does it."""
    return None if rest else erasure.ask(turn)
