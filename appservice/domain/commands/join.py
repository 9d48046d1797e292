"""join CODE: starts the way into a group, or goes on with it."""

from dataclasses import replace

from appservice.domain.gate.codes import candidates
from appservice.domain.gate.walk import admitted_with, ask, begin
from appservice.domain.membership import may_apply
from appservice.domain.outcome import Outcome
from appservice.domain.state import Group
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def join(turn: Turn, rest: str) -> Outcome:
    """Open the gate; every code that does not open it gets the same answer."""
    if not rest:
        return turn.answer(Reply("not_understood", (Text("join-without-code"),)))
    group = group_of_code(turn)
    if group is None:
        return turn.answer(Reply("refusal", (Text("join-unknown"),)))
    consent = turn.state.consent(turn.user, group.id)
    if consent is not None:
        said = notice(Text("join-member", {"group": group.charter.name}), group=group.charter.name)
        return turn.answer(said) + admitted_with(consent, group)
    if not may_apply(turn.user, group):
        return turn.answer(Reply("refusal", (Text("join-unknown"),)))
    application = turn.application(group.id)
    if application is None or application.expires <= turn.now:
        return ask(turn, begin(turn, group))
    return ask(turn, replace(application, step=max(application.step, 1)))


def group_of_code(turn: Turn) -> Group | None:
    """Return the group whose code stands in the message."""
    code = turn.state.code
    if code is None or code.code not in candidates(turn.text):
        return None
    return turn.groups.get(code.group)
