"""!let-in @NAME: lets somebody come back whose place you had ended."""

from appservice.domain.conduct import doors
from appservice.domain.conduct.ladder import refused
from appservice.domain.conduct.reading import any_user_in
from appservice.domain.conduct.returning import way_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spoken
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def let_in(turn: Turn, rest: str) -> Outcome:
    """Open the door again; who was here within ninety days needs no code."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.answer(Reply("refusal", (found,)))
    group, _ = found
    user = any_user_in(turn)
    if user is None:
        return refused(turn, group, Text("conduct-whom-only", {"word": spoken(turn, "!let-in")}))
    if not doors.is_closed(group, user, turn.now):
        return refused(turn, group, Text("let-in-none", {"user": user}))
    out, has_way = way_in(turn, group, user, "let-in-told")
    key = "let-in-done" if has_way else "let-in-code"
    return out + turn.answer(notice(Text(key, {"user": user}), group=group.charter.name))
