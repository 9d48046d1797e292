"""!unpause @NAME: ends a pause that you gave somebody, before its time."""

from appservice.domain.conduct import pauses
from appservice.domain.conduct.ladder import member_in, refused
from appservice.domain.conduct.records import standing_of
from appservice.domain.conduct.saying import to_those_in_charge
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spoken
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def unpause(turn: Turn, rest: str) -> Outcome:
    """Let somebody write again; the step stays on the ladder."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.answer(Reply("refusal", (found,)))
    group, _ = found
    user = member_in(turn, group)
    if user is None:
        return refused(turn, group, Text("conduct-whom-only", {"word": spoken(turn, "!unpause")}))
    standing = standing_of(turn.state, group, user)
    if standing.pause is None:
        return refused(turn, group, Text("unpause-none", {"user": user}))
    said = Text("unpause-done", {"user": user, "by": turn.user})
    out = pauses.ended(turn, group, standing) + to_those_in_charge(turn, group, said)
    return out + turn.answer(notice(said, group=group.charter.name))
