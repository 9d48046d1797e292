"""my flags: tells how far what you raised has come: received, looked after, or closed."""

from appservice.domain.flags import listing
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def my_flags(turn: Turn, rest: str) -> Outcome | None:
    """Say it of each, and nothing more than these words."""
    if rest:
        return None
    own = listing.raised_by(turn.user, turn.state.cases or ())
    lines = tuple(listing.told(case) for case in own) or (Text("flag-none"),)
    return turn.answer(Reply("flag_update", (Text("card", {"lines": lines}),)))
