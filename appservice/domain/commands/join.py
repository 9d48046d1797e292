"""join CODE: starts the way into a group, or goes on with it."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.gate import too_young
from appservice.domain.gate.codes import candidates
from appservice.domain.gate.walk import admitted_with, ask, begin
from appservice.domain.membership import may_apply
from appservice.domain.outcome import Outcome
from appservice.domain.state import Group
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text

GUESSES = 20  # codes that open nothing, in a day; after that no code of theirs is looked at
DAY = timedelta(days=1)


def join(turn: Turn, rest: str) -> Outcome:
    """Open the gate; every code that does not open it gets the same answer."""
    if not rest:
        return turn.answer(Reply("not_understood", (Text("join-without-code"),)))
    group = group_of_code(turn)
    if group is None:
        return missed(turn).answer(Reply("refusal", (Text("join-unknown"),)))
    consent = turn.state.consent(turn.user, group.id)
    if consent is not None:
        said = notice(Text("join-member", {"group": group.charter.name}), group=group.charter.name)
        return turn.answer(said) + admitted_with(consent, group)
    if not may_apply(turn.user, group):
        return missed(turn).answer(Reply("refusal", (Text("join-unknown"),)))
    application = turn.application(group.id)
    if application is None or application.expires <= turn.now:
        application = begin(turn, group)
    opened = ask(turn, replace(application, step=max(application.step, 1)))
    return too_young.refused(turn, group) or opened


def group_of_code(turn: Turn) -> Group | None:
    """Return the group whose code stands in the message; to whoever guesses, none."""
    code = turn.state.code
    if len(_recent(turn)) >= GUESSES:
        return None
    if code is None or code.code not in candidates(turn.text):
        return None
    return turn.groups.get(code.group)


def missed(turn: Turn) -> Turn:
    """Count a code that opens nothing; the answer stays the same, however many there are."""
    misses = (*_recent(turn), turn.now)[-GUESSES:]
    return replace(turn, person=replace(turn.person, misses=misses))


def _recent(turn: Turn) -> tuple[datetime, ...]:
    return tuple(moment for moment in turn.person.misses if turn.now - moment < DAY)
