"""!test-page: sends each of you a test page; !test-page show tells how fast each rung was."""

from appservice.domain.duty import drill
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def test_page(turn: Turn, rest: str) -> Outcome:
    """Send it, or show what is known of the newest one."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return drill.sent(turn, group)
    if subcommand(turn, rest, "rota", ("show",)) is None:
        return turn.refuse(Text("test-page-words"), group=group)
    known = drill.results(turn.state, group, turn.now) if group.tested else Text("test-page-none")
    return turn.answer(Reply("drill", (known,), group=group.charter.name))
