"""The first step: which group a code opens to somebody, and the application that begins there."""

from dataclasses import replace

from appservice.domain.application import Application, Code
from appservice.domain.gate.application import begin, not_moving
from appservice.domain.gate.codes import candidates, reserved, works
from appservice.domain.group import Group
from appservice.domain.membership import may_apply
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.turn import Turn


def opened(turn: Turn) -> Group | None:
    """Return the group that the code in the message opens to this person, if it opens one.

    Spent, expired, revoked, of a draft or of a cohort under way: to everybody else it is no code.
    A member's code opens what they are in; whoever was in a group before, or is on the way, goes
    by any code of it that was not taken back.
    """
    code = turn.state.code
    if code is None or code.code not in candidates(turn.text):
        return None
    group = turn.groups.get(code.group)
    if group is None or not _opens(turn, code, group):
        return None
    return group


def entered(turn: Turn, group: Group, *, step: int = 1) -> tuple[Application, Outcome]:
    """Return the application to go on with, and the place that the code holds for a new one."""
    old = turn.application(group.id)
    if old is not None and _is_current(turn, old):
        return old, NOTHING
    code, new = turn.state.code, begin(turn, group, step=step)
    if code is None:
        return new, NOTHING
    new, stays = replace(new, trusted=code.trusted), not_moving(turn.user, group)
    if _was_in(turn, group):
        return new, stays
    return replace(new, code=code.code), stays + reserved(turn.state, code, old)


def _opens(turn: Turn, code: Code, group: Group) -> bool:
    if turn.state.consent(turn.user, group.id) is not None:
        return True
    if code.revoked or not may_apply(turn.user, group, turn.now):
        return False
    application = turn.application(group.id)
    on_the_way = application is not None and _is_current(turn, application)
    return on_the_way or _was_in(turn, group) or works(code, turn.now)


def _is_current(turn: Turn, application: Application) -> bool:
    return turn.now < application.expires and not application.revoked


def _was_in(turn: Turn, group: Group) -> bool:
    """Say whether somebody had a consent here, which no code needs to give a place again."""
    return any((c.user, c.group) == (turn.user, group.id) for c in turn.state.consents)
