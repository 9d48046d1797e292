"""poll What shall we read? | A | B: suggests a vote; a facilitator decides whether it is held."""

from appservice.domain.commands.polls import polls
from appservice.domain.facilitation import facilitated_first
from appservice.domain.outcome import Outcome
from appservice.domain.polls import drafts
from appservice.domain.polls.wording import wished
from appservice.domain.subcommand import after
from appservice.domain.turn import Turn
from appservice.domain.types import Text

_SIGNS = "|\n?"  # what a vote has, and few other sentences that begin with this word


def poll(turn: Turn, rest: str) -> Outcome | None:
    """Show a vote back that a member suggests; alone it shows what is open."""
    written = after(turn.text, "poll", turn) or rest
    if not written:
        return polls(turn, "")
    if not any(sign in written for sign in _SIGNS):
        return None
    own = [turn.groups[c.group] for c in turn.consents() if turn.groups[c.group].stage == "open"]
    if not own:
        return turn.refuse(Text("poll-no-group"))
    found = facilitated_first(turn, written, own)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, written = found
    wish = wished(turn, group.charter.zone, written)
    if isinstance(wish, Text):
        return turn.refuse(wish, group=group)
    return drafts.proposed(turn, group, wish)
