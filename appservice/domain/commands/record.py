"""!record @NAME: shows which steps of the ladder count for a member, with their days."""

from appservice.domain.conduct.reading import user_in
from appservice.domain.conduct.recorded import lines_of
from appservice.domain.conduct.records import standings
from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.membership import current
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spoken
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def record(turn: Turn, rest: str) -> Outcome:
    """Show codes and days; there is nothing else."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.answer(Reply("refusal", (found,)))
    group, name = found[0], found[0].charter.name
    kept = {one.user: one for one in standings(turn.state, group)}
    user = user_in(turn, (*kept, *(one.user for one in current(turn.state.consents, group))))
    if user is None:
        told = Text("conduct-whom-only", {"word": spoken(turn, "!record")})
        return turn.answer(Reply("refusal", (told,), group=name))
    lines = lines_of(kept[user], turn.now) if user in kept else ()
    if not lines:
        return turn.answer(notice(Text("record-none", {"user": user}), group=name))
    title = Text("record-title", {"user": user})
    return turn.answer(notice(Text("card", {"lines": (title, *lines)}), group=name))
